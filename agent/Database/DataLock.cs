namespace Sak.Agent.Database;

/// <summary>One agent a data folder: held while it runs, given back by the system when it dies.</summary>
public sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <summary>Throws <see cref="StoreException"/> when another agent holds the folder.</summary>
    public static DataLock Take(string folder)
    {
        try
        {
            return Open(folder);
        }
        catch (IOException error)
        {
            throw new StoreException($"Another agent already runs on {folder}. Use that one, or end it first.", error);
        }
    }

    /// <summary>
    /// For a program that upgrades <paramref name="file"/> without being the agent of its folder. Throws
    /// <see cref="StoreException"/> when an agent runs: it would go on with an upgraded file that it does not know.
    /// </summary>
    public static DataLock TakeForUpgrade(string file)
    {
        try
        {
            return Open(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (IOException error)
        {
            throw new StoreException($"{file} was written by an earlier version of SAK, and an agent is running on it. "
                + "Stop that agent and start the new one; then run this command again.", error);
        }
    }

    public void Dispose() => _file.Dispose();

    private static DataLock Open(string folder) =>
        new(new FileStream(Path.Combine(folder, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
            FileShare.None));
}
