using System.Text.RegularExpressions;
using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>The pages: short, and what they point to is there.</summary>
public sealed partial class PagesTests
{
    private const int DesignBytes = 8_000;
    private static readonly string[] Texts = [".cs", ".md", ".sql", ".tsv", ".js", ".svg"];

    [Fact]
    public void A_design_note_can_be_read_in_one_sitting() =>
        Assert.All(Pages.All.Where(p => p.EndsWith("/DESIGN.md", StringComparison.Ordinal)),
            p => Assert.InRange(new FileInfo(Path.Combine(House.Root, p)).Length, 1, DesignBytes));

    [Fact]
    public void Every_link_and_path_in_a_page_is_there() =>
        Nothing(Pages.All.SelectMany(p => Missing(p, SourceFile.Read(p)).Select(path => $"{p}: {path}")));

    [Fact]
    public void Every_test_that_a_page_names_is_there() =>
        Nothing(Pages.All.SelectMany(p => MissingTests(SourceFile.Read(p)).Select(name => $"{p}: {name}")));

    [Fact]
    public void The_glossary_has_at_most_forty_terms_and_each_once()
    {
        var terms = Term().Matches(SourceFile.Read("sync/GLOSSARY.md")).Select(m => m.Groups["term"].Value).ToList();

        Assert.InRange(terms.Count, 20, 40);
        Assert.Equal(terms.Distinct(StringComparer.OrdinalIgnoreCase), terms);
    }

    [Fact]
    public void A_planted_dead_link_a_path_and_a_test_are_found()
    {
        const string page = "[a](gone.md) [b](../README.md#map) [c](https://x.org/y) `agent/Gone/` `Gone.cs`"
            + " `agent/Shop.cs` `agent/{Chats,Orders}` `/api/sync`"
            + " `GoneTests` `PagesTests.Every_link…` `PagesTests.No_such…`";

        Assert.Equal(["gone.md", "agent/Gone/", "Gone.cs"], Missing("agent/OWNER.md", page));
        Assert.Equal(["GoneTests", "PagesTests.No_such…"], MissingTests(page));
    }

    // Assert.Empty shows the first few only.
    private static void Nothing(IEnumerable<string> missing)
    {
        var text = string.Join('\n', missing);
        Assert.True(text.Length == 0, $"What these pages name does not exist:\n{text}");
    }

    private static IEnumerable<string> Missing(string page, string text)
    {
        var folder = Path.GetDirectoryName(page)!;
        var links = Link().Matches(text).Select(m => m.Groups["to"].Value.Split('#')[0])
            .Where(to => to.Length > 0 && !to.Contains("://") && !IsThere(folder, to));
        var paths = Ticked().Matches(text).Select(m => m.Groups["text"].Value).Where(IsPath)
            .Where(to => !IsThere(folder, to) && !IsThere("", to) && !IsThere(page.Split('/')[0], to) && !IsFile(to));
        return links.Concat(paths);
    }

    // A file of the sources by its name, or whatever begins with a room.
    private static bool IsPath(string text) =>
        Plain().IsMatch(text)
            && (Texts.Contains(Path.GetExtension(text)) || (text.Contains('/') && Room().IsMatch(text)));

    private static bool IsThere(string folder, string to) => Path.Exists(Path.Combine(House.Root, folder, to));

    private static bool IsFile(string name) => !name.Contains('/') && SourceFile.Files(name).Any();

    private static IEnumerable<string> MissingTests(string text) =>
        Ticked().Matches(text).Select(m => m.Groups["text"].Value)
            .Where(name => Test().Match(name) is { Success: true } test && !HasTest(test));

    private static bool HasTest(Match test)
    {
        var files = SourceFile.All.Where(f => f.Room == "tests"
            && Regex.IsMatch(f.Code, $@"\bclass {test.Groups["class"].Value}\b"));
        var start = test.Groups["start"];
        return files.Any(f => !start.Success || Regex.IsMatch(f.Code, $@"\b{start.Value}\w*\s*\("));
    }

    [GeneratedRegex(@"\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`(?<text>[^`\n]+)`(?!`)")]
    private static partial Regex Ticked();

    [GeneratedRegex(@"^\w[\w.-]*(/[\w.-]+)*/?$")]
    private static partial Regex Plain();

    [GeneratedRegex("^(sync|agent|server|tests|tools)/")]
    private static partial Regex Room();

    [GeneratedRegex(@"^(?<class>[A-Z]\w+(Tests|Contract))(\.(?<start>\w+)…?)?$")]
    private static partial Regex Test();

    [GeneratedRegex(@"^- \*\*(?<term>[^*]+)\*\*", RegexOptions.Multiline)]
    private static partial Regex Term();
}

/// <summary>The pages of the repository, by their paths from its root.</summary>
internal static class Pages
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(House.Root, "*.md").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal),
        .. SourceFile.Files("*.md"),
    ];
}
