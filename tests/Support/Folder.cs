namespace Sak.Tests.Support;

/// <summary>A folder for one test, deleted afterwards.</summary>
public sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sak-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        try
        {
            if (Environment.GetEnvironmentVariable("SAK_KEEP") is null) Directory.Delete(Path, recursive: true);
        }
        catch (IOException)
        {
            // A browser that is just ending still holds a file; the system cleans its temporary folder.
        }
    }
}
