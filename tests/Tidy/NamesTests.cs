using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>A name is found by searching for it: one type a name, _fields, enums for kinds.</summary>
public sealed partial class NamesTests
{
    // Texts that go over the wire are what they are; sync/Wire turns them into enums and back.
    private const string Wire = "sync/Wire";

    /// <summary>A declared type; a partial type is one wherever its parts are.</summary>
    private sealed record Declared(string Name, string Path, string Identity);

    [Fact]
    public void A_type_name_is_given_once_in_the_solution() =>
        Ratchet.Hold("Type names that are given twice",
            SharedNames(SourceFile.All).Select(t => $"{t.Name}: {t.Path}"),
            "Another type has this name. Choose one that says what is different.");

    [Fact]
    public void A_private_field_begins_with_an_underscore() =>
        Ratchet.Hold("Private fields without an underscore",
            SourceFile.All.SelectMany(f => BareFields(f.Code).Select(name => $"{f.Path} {name}")),
            "Call it _name.");

    [Fact]
    public void States_and_kinds_are_enums() =>
        Ratchet.Hold("Types that keep a vocabulary as texts",
            SourceFile.Product.Where(f => f.Folder != Wire).SelectMany(Vocabularies),
            "Make it an enum, and convert it in one place where it meets the wire or the database.");

    [Fact]
    public void A_file_is_named_after_one_thing_and_is_no_bag() =>
        Assert.Empty(SourceFile.All.Where(f => Bag().IsMatch(f.Name)).Select(f => f.Path));

    [Fact]
    public void A_planted_second_type_of_a_name_is_found()
    {
        SourceFile[] files =
        [
            new("agent/A.cs", "namespace X;\npublic sealed class Same { private record Own; record Mine(int A); }\n"),
            new("server/B.cs", "namespace Y;\ninternal record struct Same(int A);\ninternal class Program;\n"),
            new("sync/C.cs", "namespace Z;\npublic partial class Parts;\nclass Program; // class Same\n"),
            new("sync/D.cs", "namespace Z;\npublic static partial class Parts;\nclass Own { record Mine; }\n"),
        ];

        Assert.Equal(["Same: agent/A.cs", "Same: server/B.cs"],
            SharedNames(files).Select(t => $"{t.Name}: {t.Path}"));
    }

    [Fact]
    public void A_planted_field_without_an_underscore_is_found() =>
        Assert.Equal(["count", "names", "log"], BareFields("""
                private int count;
                private readonly Dictionary<string, (int A, int B)> names = new();
                private volatile Log? log = null;
                private readonly int _fine;
                private static readonly int Fine = 1;
                private const int Fine2 = 2;
                private int Property { get; set; }
                private int Method(int a) => a;
                private static partial Regex Pattern();
                private event Action? Changed;
            """));

    [Fact]
    public void A_planted_vocabulary_of_texts_is_found()
    {
        var file = new SourceFile("agent/States.cs", """
            public static class States
            {
                public const string Open = "open";
                public const string Done = "done";
            }

            public static class Addresses
            {
                public const string A = "/a";
                public const string B = "two words";
            }
            """);

        Assert.Equal(["States in agent/States.cs"], Vocabularies(file));
    }

    // A program's entry and an endpoint's own request have the same name everywhere, as their frameworks' users expect.
    private static IEnumerable<Declared> SharedNames(IReadOnlyList<SourceFile> files) =>
        files.SelectMany(Types).Where(t => t.Name is not ("Program" or "Request")).GroupBy(t => t.Name)
            .Where(g => g.Select(t => t.Identity).Distinct().Count() > 1)
            .SelectMany(g => g.DistinctBy(t => (t.Identity, t.Path)));

    // A type within another one is private unless it says otherwise; nobody else sees its name.
    private static IEnumerable<Declared> Types(SourceFile file)
    {
        foreach (Match match in TypeHead().Matches(file.Code))
        {
            var before = file.Code.AsSpan(0, match.Index);
            var modifiers = match.Groups["modifiers"].Value;
            var isNested = before.Count('{') > before.Count('}');
            if (modifiers.Contains("private") || (isNested && !Visible().IsMatch(modifiers))) continue;
            var identity = modifiers.Contains("partial") ? file.Namespace : file.Path;
            yield return new Declared(match.Groups["name"].Value, file.Path, identity);
        }
    }

    private static IEnumerable<string> BareFields(string code) =>
        Field().Matches(code).Select(m => m.Groups["name"].Value).Where(name => name[0] != '_');

    private static IEnumerable<string> Vocabularies(SourceFile file) =>
        Word().Matches(file.Text)
            .GroupBy(m => TypeHead().Matches(file.Code).Last(t => t.Index < m.Index).Groups["name"].Value)
            .Where(g => g.Count() > 1)
            .Select(g => $"{g.Key} in {file.Path}");

    [GeneratedRegex(@"^[ \t]*(\[[^\n]*\]\s*)*(?<modifiers>((public|private|internal|protected|static|sealed|abstract"
        + @"|partial|readonly|file|ref)\s+)*)(class|record\s+struct|record\s+class|record|struct|enum|interface)\s+"
        + @"(?<name>\w+)(?=\s*[<({:;\n])"
        + @"|(?<=[{;])[ ]+(?<modifiers>((public|private|internal|sealed)\s+)*)record\s+(?<name>\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeHead();

    [GeneratedRegex(@"\b(public|internal|protected)\b")]
    private static partial Regex Visible();

    [GeneratedRegex(@"^[ \t]+private\s+(?!static\s+readonly\b|const\b|event\b|static\s+event\b)"
        + @"((static|readonly|volatile)\s+)*([^;={}()\n]|\([^()\n]*\))+?\s(?<name>\w+)\s*(;|=(?!>))",
        RegexOptions.Multiline)]
    private static partial Regex Field();

    [GeneratedRegex(@"\b(public|internal) const string \w+ =\s*""[a-z_]*"";")]
    private static partial Regex Word();

    [GeneratedRegex(@"(Utils?|Helpers?|Manager|Common|Misc|Base)$")]
    private static partial Regex Bag();
}
