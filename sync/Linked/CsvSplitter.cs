using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Sak.Sync.Files;

namespace Sak.Sync.Linked;

/// <summary>
/// Splits a CSV file into lines of cells. Quotes, encoding and the largest file are decided here and nowhere else. The
/// file needs CsvHelper and sync has no packages, so it is compiled into the agent and into the server instead.
/// </summary>
internal static class CsvSplitter
{
    private const int MaxCell = 64 * 1024;

    // Bytes of another encoding would become question marks. The encoding has a byte order mark so that a file with
    // one is read by it too: StreamReader takes a lenient UTF-8 for a mark that its encoding does not have.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>The text of a file in UTF-8, with or without a byte order mark.</summary>
    public static StreamReader Open(Stream file) => new(file, Strict, leaveOpen: true);

    /// <summary>
    /// Every line with its number, the header first. After a line with a fault there are no more: where a cell ends
    /// is not certain any longer.
    /// </summary>
    /// <param name="most">Lines under the header that a caller takes; a file of the owner's own PC has no
    /// bound.</param>
    public static async IAsyncEnumerable<CsvLine> SplitAsync(TextReader text,
        [EnumeratorCancellation] CancellationToken cancel, int most = int.MaxValue)
    {
        var quote = false;
        var form = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            TrimOptions = TrimOptions.Trim,
            BadDataFound = _ => quote = true,
            MaxFieldSize = MaxCell,
        };
        using var csv = new CsvParser(text, form, leaveOpen: true);
        for (var count = 0; ; count++)
        {
            cancel.ThrowIfCancellationRequested();
            var (isLine, fault) = await ReadAsync(csv);
            if (fault is not null) yield return new CsvLine(csv.RawRow, [], fault);
            if (!isLine) yield break;
            // A quote in the wrong place is found when the cells are taken apart, not before.
            var cells = csv.Record!;
            fault = quote ? "a quote is in the wrong place or has no end; double it (\"\") inside quotes"
                : count > most ? $"the file has more than {most} lines under its header; import it in parts"
                : null;
            yield return new CsvLine(csv.RawRow, cells, fault);
            if (fault is not null) yield break;
        }
    }

    private static async Task<(bool IsLine, string? Fault)> ReadAsync(CsvParser csv)
    {
        try
        {
            return (await csv.ReadAsync(), null);
        }
        catch (MaxFieldSizeException)
        {
            return (false, $"a cell is longer than {MaxCell} characters; a quote before it may have no end");
        }
        catch (DecoderFallbackException)
        {
            return (false, "the file is not UTF-8; save it as \"CSV UTF-8\"");
        }
    }
}
