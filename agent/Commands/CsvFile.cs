using Sak.Sync.Linked;

namespace Sak.Agent.Commands;

/// <summary>A CSV file that the owner names on a command's line.</summary>
internal static class CsvFile
{
    /// <summary>The file's text. Throws <see cref="CommandException"/> when it is missing or can't be read.</summary>
    public static async Task<TextReader> ReadAsync(FileInfo path, CancellationToken cancel)
    {
        if (Directory.Exists(path.FullName))
            throw new CommandException(
                $"{path.FullName} is a folder. Give the path of a CSV file; --help shows its columns.");
        if (!path.Exists)
            throw new CommandException(
                $"There is no file {path.FullName}. Give the path of a CSV file; --help shows its columns.");
        try
        {
            return CsvSplitter.Open(new MemoryStream(await File.ReadAllBytesAsync(path.FullName, cancel)));
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"{path.FullName} can't be read ({denied.Message.TrimEnd('.')}). Give this user the right to read it, "
                    + "or close the program that holds it.");
        }
    }
}
