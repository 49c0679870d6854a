using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Sak.Agent.Database;

/// <summary>
/// The form of the agent's database file, kept in it as PRAGMA user_version: 1 is Schema.sql, each Upgrade file makes
/// the next. It has nothing to do with <see cref="Sak.Sync.Replica.Tables.SchemaVersion"/>, the number of the synced
/// columns that the cloud is told; a type of its own keeps the two from being compared.
/// </summary>
internal readonly record struct FileVersion(int Number)
{
    /// <summary>A file that nobody has written to.</summary>
    public static readonly FileVersion None = new(0);

    /// <summary>What this program makes of a file: the first form and one more for each Upgrade file.</summary>
    public static readonly FileVersion Current = new(1 + Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Count(name => name.StartsWith("Upgrade", StringComparison.Ordinal)));

    public static FileVersion Of(SqliteConnection connection) => new(connection.Scalar<int>("PRAGMA user_version"));

    /// <summary>Written by an earlier program: this one upgrades it before it works on it.</summary>
    public bool NeedsUpgrade => this != None && Current.IsNewerThan(this);

    public bool IsNewerThan(FileVersion other) => Number > other.Number;

    /// <summary>The names of the files that make a file of this version one of the current.</summary>
    public IEnumerable<string> Upgrades()
    {
        for (var step = Math.Max(Number, 1) + 1; step <= Current.Number; step++) yield return $"Upgrade{step}.sql";
    }

    public override string ToString() => Number.ToString(CultureInfo.InvariantCulture);
}
