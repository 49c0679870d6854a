using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>A C# file of the solution; every file is read once for all rules.</summary>
/// <param name="Path">From the root, with forward slashes: "agent/Shop.cs".</param>
internal sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] Rooms = ["sync", "agent", "server", "tools", "tests"];
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "Migrations"];

    private readonly Lazy<CodeText> _parts = new(() => new CodeText(Text));

    /// <summary>Without generated migrations.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = [.. Files("*.cs").Select(f => new SourceFile(f, Read(f)))];

    /// <summary>What is shipped: no tests, no tools.</summary>
    public static IReadOnlyList<SourceFile> Product { get; } =
        [.. All.Where(f => f.Room is "sync" or "agent" or "server")];

    public string Room => Path.Split('/')[0];

    public string Folder => Path[..Path.LastIndexOf('/')];

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>With comments and literals blanked; every position and line stays where it was.</summary>
    public string Code => _parts.Value.Code;

    /// <summary>The texts in quotes, with everything else blanked.</summary>
    public string Literals => _parts.Value.Literals;

    /// <summary>The comments, with everything else blanked.</summary>
    public string Comments => _parts.Value.Comments;

    public string Namespace =>
        Code.Split('\n').FirstOrDefault(l => l.StartsWith("namespace ", StringComparison.Ordinal))?[10..].Trim(' ', ';')
        ?? "";

    /// <summary>Files of all rooms by a pattern of the name, as paths from the root.</summary>
    public static IEnumerable<string> Files(string pattern) =>
        from room in Rooms
        from file in Directory.EnumerateFiles(System.IO.Path.Combine(House.Root, room), pattern,
            SearchOption.AllDirectories)
        let path = System.IO.Path.GetRelativePath(House.Root, file).Replace('\\', '/')
        where !path.Split('/').Any(NotOurs.Contains)
        orderby path
        select path;

    public static string Read(string path) =>
        File.ReadAllText(System.IO.Path.Combine(House.Root, path)).ReplaceLineEndings("\n");

    /// <summary>The line of a position, counted from 1.</summary>
    public int LineOf(int position) => Text.AsSpan(0, position).Count('\n') + 1;
}
