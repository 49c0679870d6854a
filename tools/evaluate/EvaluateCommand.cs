using System.CommandLine;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Tools.FakeOpenAi;

namespace Sak.Tools.Evaluate;

/// <param name="Sets">Folders of tests/Data; empty means all.</param>
/// <param name="Limit">Messages of each set.</param>
/// <param name="Stub">The stub of a model answers instead of the one that is set.</param>
internal sealed record EvaluateOptions(IReadOnlyList<string> Sets, int Limit, FileInfo? Report, bool Stub);

/// <summary>
/// <c>evaluate</c>: lets a model answer the message sets through a real server, and compares it with the reader.
/// </summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        var sets = new Option<string[]>("--sets")
        {
            Description = "Folders of tests/Data, for example: --sets coffee plumbing (default: all).",
            AllowMultipleArgumentsPerToken = true,
        };
        var limit = new Option<int?>("--limit")
        {
            Description =
                "The first so many messages of each set (default: all); each takes a model's seconds and tokens.",
        };
        var report = new Option<FileInfo?>("--report")
        {
            Description = "Write the report to this file too, in Markdown.",
        };
        var stub = new Option<bool>("--stub")
        {
            Description = "Let the stub of a model answer instead of the one in the server's settings.",
        };
        var command = new Command("evaluate",
            "Lets a model read the message sets and compares it with the reader: right, wrong, tokens, seconds.")
                { sets, limit, report, stub };
        command.SetAction((line, cancel) => RunAsync(
            new EvaluateOptions(line.GetValue(sets) ?? [], line.GetValue(limit) ?? int.MaxValue, line.GetValue(report),
                line.GetValue(stub)), Console.Out, cancel));
        return command;
    }

    public static async Task<int> RunAsync(EvaluateOptions options, TextWriter output, CancellationToken cancel)
    {
        var sets = options.Sets.Count > 0 ? options.Sets : AllSets();
        if (sets.FirstOrDefault(s => !AllSets().Contains(s)) is { } missing)
            return await RefuseAsync(output,
                $"There is no set {missing}; name some of {string.Join(", ", AllSets())}.");
        if (options.Limit < 1) return await RefuseAsync(output, "--limit must be 1 or more.");
        await using var fake = options.Stub
            ? await FakeOpenAi.FakeOpenAi.StartAsync(FakeBehaviour.Obedient, cancel: cancel)
            : null;
        try
        {
            var model = fake is null
                ? ServerSettings.Load([], OpenDatabase.CanRead).Model
                : new ModelSettings(ServerSettings.OpenAi, fake.OpenAiEndpoint, "none-needed", "stub", 20, 5, 1_000,
                    int.MaxValue);
            if (model.Provider == ServerSettings.None)
                return await RefuseAsync(output, "No model is set: set SAK_Model__Provider, SAK_Model__Name and "
                    + "SAK_Model__Key as for sak-server, or write --stub.");
            await EvaluateAsync(model, sets, options, output, cancel);
            return 0;
        }
        catch (SettingsException error)
        {
            return await RefuseAsync(output, error.Message);
        }
    }

    private static async Task EvaluateAsync(ModelSettings model, IReadOnlyList<string> sets, EvaluateOptions options,
        TextWriter output, CancellationToken cancel)
    {
        var results = new List<SetResult>();
        await using var server = await EvaluatedServer.StartAsync(model, cancel);
        foreach (var set in sets)
        {
            results.Add(await MessageSet.EvaluateAsync(server, set, options.Limit, cancel));
            await output.WriteLineAsync($"{set}: {results[^1].Answers.Count} messages");
        }

        var report = EvaluationReport.Write(model.Name, results);
        await output.WriteLineAsync(report);
        if (options.Report is not null) await File.WriteAllTextAsync(options.Report.FullName, report, cancel);
    }

    private static async Task<int> RefuseAsync(TextWriter output, string why)
    {
        await output.WriteLineAsync(why);
        return 2;
    }

    private static List<string> AllSets() =>
        [.. Directory.GetDirectories(MessageSet.Folder).Where(f => File.Exists(Path.Combine(f, "messages.jsonl")))
            .Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
}
