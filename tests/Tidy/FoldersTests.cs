using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>
/// Within a room no two folders use each other. The root of a room (Program, Shop, ServerHost) wires everything and is
/// not counted. A folder and the folders within it count as one: the outer one has the story and the types that the
/// steps share, the inner ones the steps. Which room may use which is held by HouseRulesTests.
/// </summary>
public sealed partial class FoldersTests
{
    [Fact]
    public void No_two_folders_of_a_room_use_each_other()
    {
        var mutual = Mutual(SourceFile.Product).ToList();
        foreach (var (pair, files) in mutual)
            TestContext.Current.TestOutputHelper?.WriteLine($"{pair}: {string.Join(", ", files)}");

        Ratchet.Hold("Folders that use each other", mutual.Select(m => m.Pair),
            "Move what both need to the folder that needs less.");
    }

    [Fact]
    public void A_namespace_is_the_path_of_its_folder() =>
        Ratchet.Hold("Namespaces that differ from their folder",
            SourceFile.All.Where(f => f.Namespace.Length > 0 && !IsOf(f.Namespace, f.Folder)).Select(f => f.Path),
            "Name the namespace after the folder.");

    [Fact]
    public void A_planted_pair_of_folders_is_found()
    {
        SourceFile[] files =
        [
            new("agent/Chats/A.cs", "using Sak.Agent.Orders;\nnamespace Sak.Agent.Chats;\nclass A;"),
            new("agent/Orders/B.cs", "namespace Sak.Agent.Orders;\nclass B { Chats.A a; }"),
            new("agent/Orders/Steps/C.cs", "using Sak.Agent.Orders;\nnamespace Sak.Agent.Orders.Steps;\nclass C;"),
            new("agent/Orders/D.cs", "using Sak.Agent.Orders.Steps;\nnamespace Sak.Agent.Orders;\nclass D;"),
            new("server/Chats/E.cs", "using Sak.Agent.Chats;\nnamespace Sak.Server.Chats;\nclass E;"),
        ];

        var (pair, users) = Assert.Single(Mutual(files));
        Assert.Equal("agent/Chats and agent/Orders", pair);
        Assert.Equal(["agent/Chats/A.cs", "agent/Orders/B.cs"], users);
    }

    // Each pair with the files that make it one.
    private static IEnumerable<(string Pair, List<string> Files)> Mutual(IReadOnlyList<SourceFile> files)
    {
        var types = files.GroupBy(f => f.Folder)
            .ToDictionary(g => g.Key, g => g.SelectMany(f => Type().Matches(f.Code).Select(m => m.Value)).ToHashSet());
        var uses = files.SelectMany(f => Uses(f, types).Select(to => (From: f.Folder, To: to, f.Path)))
            .ToLookup(u => (u.From, u.To), u => u.Path);
        return uses.Where(u => string.CompareOrdinal(u.Key.From, u.Key.To) < 0 && uses.Contains((u.Key.To, u.Key.From)))
            .Select(u => ($"{u.Key.From} and {u.Key.To}", u.Concat(uses[(u.Key.To, u.Key.From)]).ToList()))
            .OrderBy(m => m.Item1, StringComparer.Ordinal);
    }

    // By a using, or by a type's name behind the name of its folder: "Chats.Turn".
    private static IEnumerable<string> Uses(SourceFile file, Dictionary<string, HashSet<string>> types) =>
        from to in types.Keys
        where to.Contains('/') && file.Folder.Contains('/') && to.Split('/')[0] == file.Room
            && !IsWithin(to, file.Folder)
        let space = "Sak." + string.Join('.', to.Split('/').Select(Capital))
        where Using().Matches(file.Code).Any(m => m.Groups["name"].Value is var name
                && (name == space || (name.StartsWith(space + ".", StringComparison.Ordinal)
                    && types[to].Contains(name[(space.Length + 1)..]))))
            || Regex.Matches(file.Code, $@"\b{to.Split('/')[^1]}\.(\w+)")
                .Any(m => types[to].Contains(m.Groups[1].Value))
        select to;

    private static bool IsWithin(string a, string b) =>
        (a + "/").StartsWith(b + "/", StringComparison.Ordinal)
            || (b + "/").StartsWith(a + "/", StringComparison.Ordinal);

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    // "tools/fake-openai" is Sak.Tools.FakeOpenAi: upper and lower case and dashes are not compared.
    private static bool IsOf(string space, string folder) =>
        string.Equals(space, "Sak." + folder.Replace('/', '.').Replace("-", ""), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\s*(global\s+)?using\s+(static\s+)?(\w+\s*=\s*)?(?<name>Sak\.[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<=\b(class|record|struct|enum|interface|delegate \w+)\s)(?!struct\b|class\b)\w+")]
    private static partial Regex Type();
}
