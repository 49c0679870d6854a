using System.Text.RegularExpressions;
using System.Xml.Linq;
using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>Which room and library may be used where, and what the code may not contain.</summary>
public sealed partial class HouseRulesTests
{
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
    [InlineData("FastEndpoints", "server/")]
    [InlineData("NSwag", "server/Api/Document/")]
    [InlineData("NJsonSchema", "server/Api/Document/")]
    [InlineData("Scalar.AspNetCore", "server/Api/Document/")]
    [InlineData("OpenAI", "server/Replies/", "tools/", "tests/")]
    [InlineData("Microsoft.SemanticKernel", "server/Replies/", "tests/")]
    [InlineData("Microsoft.Extensions.AI", "server/Replies/", "tests/")]
    [InlineData("Anthropic", "server/Replies/", "tools/", "tests/")]
    [InlineData("Microsoft.Data.Sqlite", "agent/Database/", "agent/Chats/", "agent/Orders/", "agent/Catalog/",
        "agent/Sync/", "agent/Status/", "agent/Commands/Doctor", "server/Data/", "tools/", "tests/")]
    public void A_library_is_used_only_where_it_belongs(string library, params string[] places)
    {
        var pattern = new Regex($@"^\s*using (static )?{Regex.Escape(library)}(\.|;)", RegexOptions.Multiline);

        Assert.Empty(
            SourceFile.All
                .Where(f => pattern.IsMatch(f.Text) && !places.Any(p => f.Path.StartsWith(p, StringComparison.Ordinal)))
                .Select(f => f.Path));
    }

    [Fact]
    public void The_code_contains_nothing_banned()
    {
        var found = SourceFile.All
            .Where(f => !f.Path.EndsWith("HouseRulesTests.cs", StringComparison.Ordinal))
            .SelectMany(f => Banned().Matches(f.Text).Select(m => $"{f.Path}: {m.Value.Trim()}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Nothing_blocks_a_thread_to_wait_for_a_task()
    {
        var found = SourceFile.All.Where(f => !f.Path.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(f => Blocking().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}"));

        Assert.Empty(found);
    }

    [Fact]
    public void Time_comes_from_the_clock_that_was_given()
    {
        var found = SourceFile.Product
            .SelectMany(f => SystemTime().Matches(f.Text).Select(m => $"{f.Path}: {m.Value}"));

        Assert.Empty(found);
    }

    [GeneratedRegex(@"NotImplementedException|Thread\.Sleep|Assert\.True\(true\)|\b(TODO|FIXME|HACK)\b"
        + @"|catch( \(Exception\))?\s*\{\s*\}"
        + @"|MediatR|AutoMapper|FluentValidation|FluentAssertions|\bMoq\b|NSubstitute")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(@"DateTime(Offset)?\.(Utc)?Now\b|Stopwatch\.StartNew")]
    private static partial Regex SystemTime();
}
