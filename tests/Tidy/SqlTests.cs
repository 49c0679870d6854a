using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>
/// SQL is where the tables are owned, and each table of the agent is written by one file. The sync also writes rows of
/// every synced table, by the table's name at run time: what the cloud sends, and versions (IncomingRows, RowWriter,
/// ChangeLog, Adoption). That is its one way for all tables, and not counted.
/// </summary>
public sealed partial class SqlTests
{
    // Health asks the database whether it is there, ShopAuth looks keys up before any shop is known.
    private static readonly string[] Places =
    [
        "agent/Chats/", "agent/Orders/", "agent/Catalog/", "agent/Sync/", "agent/Database/", "agent/Status/",
        "server/Data/", "server/Sync/", "server/Shops/", "server/Api/Health.cs", "server/Api/ShopAuth.cs",
    ];

    [Fact]
    public void SQL_is_written_only_in_the_folders_that_own_tables() =>
        Ratchet.Hold("SQL outside the folders that own tables",
            SourceFile.Product
                .Where(f => !Places.Any(p => f.Path.StartsWith(p, StringComparison.Ordinal)) && HasSql(f))
                .Select(f => f.Path),
            "Ask the class that owns the table; give it a method if it has none.");

    [Fact]
    public void A_table_of_the_agent_is_written_by_one_file()
    {
        var agent = SourceFile.Product.Where(f => f.Room == "agent").ToList();
        var writers = Tables().Select(t => (Table: t, Files: Writers(t, agent).ToList())).ToList();
        foreach (var (table, files) in writers)
            TestContext.Current.TestOutputHelper?.WriteLine($"{table} <- {string.Join(", ", files)}");

        Assert.Contains(writers, w => w.Table == "chats" && w.Files.Count > 0);
        Ratchet.Hold("Tables of the agent that several files write",
            writers.Where(w => w.Files.Count > 1).SelectMany(w => w.Files.Select(f => $"{w.Table} <- {f}")),
            "Another file owns this table; ask it.");
    }

    [Fact]
    public void Planted_SQL_and_a_planted_second_writer_are_found()
    {
        var select = Planted("A.cs", "\"SELECT id FROM chats\"");
        var prose = Planted("B.cs", "\"Select a chat from the list\"; // SELECT a FROM b");
        var write = Planted("C.cs", "$\"UPDATE chats SET a = {b}\"");
        var insert = Planted("D.cs", "\"INSERT OR IGNORE INTO chats (id)\"");
        var other = Planted("E.cs", "\"DELETE FROM chats_old\"");

        Assert.True(HasSql(select) && HasSql(write) && HasSql(insert));
        Assert.False(HasSql(prose));
        Assert.Equal(["agent/Loops/C.cs", "agent/Loops/D.cs"], Writers("chats", [select, prose, write, insert, other]));
    }

    private static SourceFile Planted(string name, string text) => new($"agent/Loops/{name}", $"var a = {text};\n");

    private static bool HasSql(SourceFile file) => Statement().IsMatch(file.Literals);

    private static IEnumerable<string> Writers(string table, IReadOnlyList<SourceFile> files)
    {
        var pattern = new Regex(@"\b(INSERT\s+(OR\s+\w+\s+)?INTO|REPLACE\s+INTO|DELETE\s+FROM|UPDATE(\s+OR\s+\w+)?)\s+"
            + $@"((main|temp)\.)?""?{table}\b");
        return files.Where(f => pattern.IsMatch(f.Literals)).Select(f => f.Path);
    }

    private static IEnumerable<string> Tables() =>
        SourceFile.Files("*.sql").Where(f => f.StartsWith("agent/", StringComparison.Ordinal))
            .SelectMany(f => Table().Matches(SourceFile.Read(f)).Select(m => m.Groups["name"].Value))
            .Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\bSELECT\b[^;]*?\bFROM\b|\bINSERT\s+(OR\s+\w+\s+)?INTO\b|\bUPDATE\s+(OR\s+\w+\s+)?\w+\s+SET\b"
        + @"|\bDELETE\s+FROM\b|\bCREATE\s+(TABLE|INDEX|TRIGGER)\b|\bPRAGMA\s")]
    private static partial Regex Statement();

    [GeneratedRegex(@"CREATE (VIRTUAL )?TABLE (IF NOT EXISTS )?(?<name>\w+)")]
    private static partial Regex Table();
}
