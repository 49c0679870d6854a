using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Sak.Server.Data.Migrations;

/// <summary>
/// The SQL files beside a migration. Like the migration itself a file never changes after its release, so that a database
/// has the same schema whichever program brought it to this step.
/// </summary>
internal static partial class FrozenSql
{
    /// <summary>The text of a file in the migration's folder.</summary>
    public static string Read(Migration migration, string file)
    {
        var type = migration.GetType();
        using var text = type.Assembly.GetManifestResourceStream(type, file)
            ?? throw new InvalidOperationException($"{file} is not in the program: put it beside {type.FullName}.");
        return new StreamReader(text).ReadToEnd();
    }

    /// <summary>
    /// For SQL Server: the parts of a file between its lines GO. CREATE TRIGGER must be the first statement of its batch,
    /// which it is inside EXEC wherever a script puts it.
    /// </summary>
    public static IEnumerable<string> Batches(Migration migration, string file) =>
        Go().Split(Read(migration, file)).Select(batch => $"EXEC(N'{batch.Trim().Replace("'", "''")}')");

    [GeneratedRegex(@"^GO\r?$", RegexOptions.Multiline)]
    private static partial Regex Go();
}
