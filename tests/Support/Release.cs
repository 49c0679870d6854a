using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Tools;

namespace Sak.Tests.Support;

/// <summary>
/// Databases of past releases, kept as text: a PC without contact to the cloud, with changes in its log and a batch
/// that waits for its answer. tests/Data/releases/README.md says how they are made.
/// </summary>
public static class Release
{
    private static string Folder => Path.Combine(House.Root, "tests", "Data", "releases");

    public static TheoryData<string> All =>
        [.. Directory.GetDirectories(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    /// <summary>Makes the release's database as <paramref name="file"/>.</summary>
    public static void Restore(string release, string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        connection.Execute(File.ReadAllText(Path.Combine(Folder, release, "shop.sql")));
    }
}
