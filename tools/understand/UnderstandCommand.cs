using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Tools.Understand;

/// <summary>
/// <c>understand</c>: reads messages of the development format with the offline reader, on any catalog of that format.
/// </summary>
internal static class UnderstandCommand
{
    private static readonly JsonSerializerOptions Readable = new()
        { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var catalog = new Option<FileInfo>(
            "--catalog") { Description = "The catalog: sku,name,aliases,unit,pack,price.", Required = true };
        var messages = new Option<FileInfo?>("--messages") { Description = "The messages, one JSON object a line." };
        var answers = new Option<FileInfo?>(
            "--answers") { Description = "Writes what was understood, in the form that ReadingScoreTests compares." };
        var currency = new Option<string>("--currency") { Description = "The currency of the prices.",
            DefaultValueFactory = _ => "INR" };
        var explain = new Option<string?>(
            "--explain") { Description = "Shows every step: of one message, by its id, or of this sentence." };
        var command = new Command("understand",
            "Reads order messages offline and says what was understood.") { catalog, messages, answers, currency,
                explain };
        command.SetAction((parse, cancel) =>
            RunAsync(parse.GetValue(catalog)!, parse.GetValue(messages), parse.GetValue(answers),
                parse.GetValue(currency)!, parse.GetValue(explain), Console.Out, cancel));
        return command;
    }

    public static async Task<int> RunAsync(FileInfo catalog, FileInfo? messages, FileInfo? answers, string currency,
        string? explain, TextWriter output, CancellationToken cancel)
    {
        if (messages is null && explain is null)
        {
            await output.WriteLineAsync("Name a file with --messages, or a sentence with --explain.");
            return 2;
        }

        if (new[] { catalog, messages }.FirstOrDefault(f => f?.Exists == false) is { } missing)
        {
            await output.WriteLineAsync($"There is no file {missing.FullName}; name one that exists.");
            return 2;
        }

        try
        {
            var products = DevelopmentSet.ReadCatalog(catalog.FullName, currency);
            if (messages is null)
            {
                using var replica = new CatalogReplica(products);
                await PrintStepsAsync(
                    DevelopmentSet.ToRequest(new DevelopmentSet.SampleMessage("m", explain!, [])), replica, output,
                    cancel);
                return 0;
            }

            await using var answerFile = answers is null ? null : new StreamWriter(answers.FullName);
            await ReadAllAsync(products, messages, answerFile, explain, output, cancel);
            return 0;
        }
        catch (Exception problem) when (problem is FormatException or JsonException or InvalidOperationException
            or CsvHelper.CsvHelperException)
        {
            await output.WriteLineAsync($"The files cannot be read: {problem.Message}");
            return 2;
        }
    }

    private static async Task ReadAllAsync(List<Sync.Model.Product> products, FileInfo messages, StreamWriter? answers,
        string? explain, TextWriter output, CancellationToken cancel)
    {
        using var replica = new CatalogReplica(products);
        var bySku = products.ToDictionary(p => p.Sku);
        foreach (var row in DevelopmentSet.ReadMessages(messages.FullName))
        {
            cancel.ThrowIfCancellationRequested();
            if (explain is not null && explain != row.Id) continue;
            var request = DevelopmentSet.ToRequest(row);
            var reading = await OrderReader.ExplainAsync(request, replica.Search, cancel);
            var answer = DevelopmentSet.ToAnswer(row, request, reading, bySku);
            if (answers is not null) await answers.WriteLineAsync(answer.ToJsonString(Readable));
            await PrintAsync(row, reading, output);
            if (explain is not null) await PrintStepsAsync(request, replica, output, cancel);
        }
    }

    private static async Task PrintStepsAsync(ProcessMessageRequest request, CatalogReplica replica, TextWriter output,
        CancellationToken cancel)
    {
        foreach (var step in await OrderReader.StepsAsync(request, replica.Search, cancel))
            await output.WriteLineAsync($"    {step}");
    }

    private static async Task PrintAsync(DevelopmentSet.SampleMessage row, TurnReading reading, TextWriter output)
    {
        await output.WriteLineAsync($"{row.Id} [{reading.Language}] {row.Text.ReplaceLineEndings(" / ")}");
        await output.WriteLineAsync($"    {reading.Purpose.Text()}");
        foreach (var line in reading.Lines) await output.WriteLineAsync($"    {Text(line)}");
        foreach (var asked in reading.Asked) await output.WriteLineAsync($"    asked about {asked.Product!.Sku}");
    }

    private static string Text(ReadLine line)
    {
        var op = line.Op.ToString().ToLowerInvariant();
        var read = $"{op} {line.Product?.Sku ?? "?"} {line.Quantity:0.###} {line.Unit}";
        var choices = string.Join(", ", line.Candidates.Select(c => c.Sku));
        return line.IsOpen ? $"{read}  asks {line.Asks} of \"{line.Words}\" ({choices})" : read;
    }
}
