using Microsoft.Data.Sqlite;

namespace Sak.Agent.Database;

/// <summary>Whether a file can be the agent's database. Reads it whole, and changes nothing.</summary>
internal static class DatabaseCheck
{
    /// <returns>What is wrong with the file and what to do; null when nothing is.</returns>
    public static async Task<(string What, string Next)?> FaultAsync(string file, CancellationToken cancel)
    {
        if (Directory.Exists(file))
            return ($"{file} is a folder", "Move it away, or set Agent:DataFolder to another folder.");
        try
        {
            // Before SQLite opens the file: on POSIX, closing any handle of a file releases all locks that the process
            // has on it.
            await new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete)
                .DisposeAsync();
            await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file,
                Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            await connection.OpenAsync(cancel);
            var answer = connection.Scalar<string>("PRAGMA quick_check(1)");
            return answer == "ok" ? ReplicaDb.Fault(connection, file) : Damaged(file, answer);
        }
        catch (SqliteException broken)
        {
            return Damaged(file, broken.Message);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return ($"{file} can't be written: {denied.Message}",
                "Give your user the right to write it, or set Agent:DataFolder to another folder.");
        }
    }

    private static (string What, string Next) Damaged(string file, string why) =>
        ($"{file} can't be used: {why}",
            "Close SAK, keep a copy of the file, and put the latest backup in its place.");
}
