using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>
/// Enforces the rules of the code base: which parts may use which, and what the code may not contain.
/// </summary>
public sealed partial class HouseRulesTests
{
    private static readonly string[] Rooms = ["sync", "agent", "server", "tools", "tests"];

    [Theory]
    [InlineData("sync")]
    [InlineData("agent", "sync")]
    [InlineData("server", "sync")]
    public void A_room_sees_only_what_it_may(string room, params string[] allowed)
    {
        var project = XDocument.Load(Directory.GetFiles(Path.Combine(House.Root, room), "*.csproj").Single());
        var seen = project.Descendants("ProjectReference")
            .Select(r =>
                Path.GetRelativePath(House.Root,
                    Path.GetDirectoryName(
                        Path.GetFullPath((string)r.Attribute("Include")!, Path.Combine(House.Root, room)))!)
                        .Replace('\\', '/'));

        Assert.Equal(allowed.Order(), seen.Order());
    }

    [Fact]
    public void What_both_sides_share_needs_no_package() =>
        Assert.DoesNotContain("PackageReference",
            File.ReadAllText(Path.Combine(House.Root, "sync", "Sak.Sync.csproj")));

    [Theory]
    [InlineData("Microsoft.Playwright", "agent/WhatsApp/", "tools/", "tests/")]
    [InlineData("Spectre.Console", "agent/Dashboard/", "agent/Commands/", "tools/", "tests/")]
    [InlineData("Microsoft.EntityFrameworkCore", "server/", "tools/", "tests/")]
    [InlineData("OpenAI", "server/Replies/", "tools/", "tests/")]
    [InlineData("Anthropic", "server/Replies/", "tools/", "tests/")]
    [InlineData("Microsoft.Data.Sqlite", "agent/Store/", "agent/OrderTaking/", "agent/Commands/Doctor", "server/Data/",
        "server/Sync/", "tools/", "tests/")]
    public void A_library_is_used_only_where_it_belongs(string library, params string[] places)
    {
        var pattern = new Regex($@"^\s*using (static )?{Regex.Escape(library)}(\.|;)", RegexOptions.Multiline);

        Assert.Empty(
            Sources()
                .Where(f => pattern.IsMatch(f.Text) && !places.Any(p => f.Path.StartsWith(p, StringComparison.Ordinal)))
                .Select(f => f.Path));
    }

    [Fact]
    public void Nothing_banned_stands_in_the_code()
    {
        var found = Sources()
            .Where(f => !f.Path.EndsWith("HouseRulesTests.cs", StringComparison.Ordinal))
            .SelectMany(f => Banned().Matches(f.Text).Select(m => $"{f.Path}: {m.Value.Trim()}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Nothing_blocks_a_thread_to_wait_for_a_task()
    {
        var found = Sources().Where(f => !f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => Blocking().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Time_comes_from_the_clock_that_was_given()
    {
        var found = Sources().Where(f => Rooms[..3].Contains(f.Path.Split('/')[0]))
            .SelectMany(f => SystemTime().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void A_file_is_one_thing_of_the_trade_and_not_a_bag()
    {
        var found = Sources().Select(f => Path.GetFileNameWithoutExtension(f.Path)).Where(name => Bag().IsMatch(name));

        Assert.Empty(found);
    }

    [Fact]
    public void A_file_stays_short_enough_to_be_read_at_once()
    {
        var found = Sources()
            .Where(f => !f.Path.StartsWith("tests/", StringComparison.Ordinal)
                && f.Text.Count(c => c == (char)10) > 300).Select(f => f.Path);

        Assert.Empty(found);
    }

    private static IEnumerable<(string Path, string Text)> Sources() =>
        from room in Rooms
        from file in Directory.EnumerateFiles(Path.Combine(House.Root, room), "*.cs", SearchOption.AllDirectories)
        let path = Path.GetRelativePath(House.Root, file).Replace('\\', '/')
        where !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules" or "Migrations")
        select (path, File.ReadAllText(file));

    [GeneratedRegex(
        @"NotImplementedException|Thread\.Sleep|Assert\.True\(true\)|\b(TODO|FIXME|HACK)\b"
            + @"|catch( \(Exception\))?\s*\{\s*\}"
            + @"|MediatR|AutoMapper|FluentValidation|FluentAssertions|\bMoq\b|NSubstitute")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now\b|Stopwatch\.StartNew")]
    private static partial Regex SystemTime();

    [GeneratedRegex(@"(Utils?|Helpers?|Manager|Common|Misc|Base)$")]
    private static partial Regex Bag();
}
