using System.Text;

namespace Sak.Agent.Commands;

/// <summary>A CSV file that the owner names on a command's line.</summary>
internal static class CsvFile
{
    // Text in an old encoding would be read as replacement characters and stored that way.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>
    /// The file's text. Throws <see cref="CommandException"/> when it is not there, can't be read or is not UTF-8.
    /// </summary>
    public static async Task<StringReader> ReadAsync(FileInfo path, CancellationToken cancel)
    {
        if (Directory.Exists(path.FullName))
            throw new CommandException(
                $"{path.FullName} is a folder. Give the path of a CSV file; --help shows its columns.");
        if (!path.Exists)
            throw new CommandException(
                $"There is no file {path.FullName}. Give the path of a CSV file; --help shows its columns.");
        try
        {
            using var file = new StreamReader(path.FullName, Strict);
            return new StringReader(await file.ReadToEndAsync(cancel));
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException($"{path.FullName} is not UTF-8. Save it as \"CSV UTF-8\".");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(
                $"{path.FullName} can't be read ({denied.Message.TrimEnd('.')}). Give this user the right to read it, "
                    + "or close the program that holds it.");
        }
    }
}
