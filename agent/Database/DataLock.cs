namespace Sak.Agent.Database;

/// <summary>One agent a data folder: held while it runs, given back by the system when it dies.</summary>
public sealed class DataLock : IDisposable
{
    private readonly FileStream _file;

    private DataLock(FileStream file) => _file = file;

    /// <summary>Throws <see cref="StoreException"/> when another agent holds the folder.</summary>
    public static DataLock Take(string folder)
    {
        var path = Path.Combine(folder, "agent.lock");
        try
        {
            return new DataLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException error)
        {
            throw new StoreException($"Another agent already runs on {folder}. Use that one, or end it first.", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
