using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Sak.Tools.Bench;

/// <summary>
/// --report FILE: beside the JSON lines on the screen, each workload writes its section of a page with the machine, the
/// date, the commit and a table of its figures. Other sections of the page stay as they are.
/// </summary>
public static class BenchReport
{
    // They say how to measure, not what; a section is replaced whatever they were.
    private static readonly string[] NoPartOfTheName = ["--report", "--pg", "--runs", "--warmup"];

    private const string Intro = """
        # Measurements

        Each section is written by the bench: `dotnet run -c Release --project tools -- bench … --report BENCH.md`.
        The floor is a hand-written program that does the least that the same work can cost, on the same rows and in
        turn with SAK. Ratios can be compared between machines, milliseconds can't.

        """;

    /// <summary>Gives the option to every workload of the bench.</summary>
    public static Command AddTo(Command bench)
    {
        var file = new Option<string?>("--report")
        {
            Description = "A page whose section of this workload is written, for example BENCH.md.", Recursive = true,
        };
        bench.Options.Add(file);
        foreach (var workload in bench.Subcommands.Where(c => !c.Hidden)) Wrap(workload, file);
        return bench;
    }

    /// <summary>The page with the section of this heading replaced, or added at its end.</summary>
    public static string Replace(string page, string heading, string body)
    {
        var section = $"## {heading}\n{body}";
        var start = page.IndexOf($"## {heading}\n", StringComparison.Ordinal);
        if (start < 0) return $"{page.TrimEnd()}\n\n{section}";
        var end = page.IndexOf("\n## ", start, StringComparison.Ordinal);
        return page[..start] + section + (end < 0 ? "" : page[end..]);
    }

    /// <summary>JSON lines as tables; a line with other names begins another one. Other lines are left out.</summary>
    public static string Tables(string lines)
    {
        var text = new StringBuilder();
        var header = "";
        foreach (var line in lines.Split('\n').Where(l => l.StartsWith('{')))
        {
            using var figures = JsonDocument.Parse(line);
            var fields = figures.RootElement.EnumerateObject().ToList();
            var names = Row(fields.Select(f => f.Name.Replace('_', ' ')));
            if (names != header) text.Append($"\n{names}{Row(fields.Select(_ => "---"))}");
            header = names;
            text.Append(Row(fields.Select(f => $"{f.Value}")));
        }

        return text.ToString();
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static void Wrap(Command workload, Option<string?> file)
    {
        var measure = (AsynchronousCommandLineAction)workload.Action!;
        workload.SetAction(async (line, cancel) =>
        {
            if (line.GetValue(file) is not { } path) return await measure.InvokeAsync(line, cancel);
            var load = Load();
            var screen = Console.Out;
            await using var kept = new Kept(screen);
            Console.SetOut(kept);
            try
            {
                var code = await measure.InvokeAsync(line, cancel);
                if (code == 0) await WriteAsync(path, Heading(line, workload.Name), load, kept.Text, cancel);
                return code;
            }
            finally
            {
                Console.SetOut(screen);
            }
        });
    }

    private static string Heading(ParseResult line, string workload)
    {
        var options = line.CommandResult.Children.OfType<OptionResult>()
            .Where(o => !o.Implicit && !NoPartOfTheName.Contains(o.Option.Name))
            .Select(o => $" {o.Option.Name} {string.Join(' ', o.Tokens.Select(t => t.Value))}");
        return $"bench {workload}{string.Concat(options)}{string.Concat(line.UnmatchedTokens.Select(t => $" {t}"))}";
    }

    private static async Task WriteAsync(string path, string heading, string load, string lines,
        CancellationToken cancel)
    {
        var page = File.Exists(path) ? await File.ReadAllTextAsync(path, cancel) : Intro;
        var body = $"\n{await CircumstancesAsync(load, cancel)}{Tables(lines)}";
        await File.WriteAllTextAsync(path, Replace(page.ReplaceLineEndings("\n"), heading, body), cancel);
    }

    private static async Task<string> CircumstancesAsync(string load, CancellationToken cancel)
    {
        var (_, commit) = await Child.RunAsync("git", ["describe", "--always", "--dirty"], House.Root, cancel: cancel);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 20);
        return string.Create(CultureInfo.InvariantCulture,
            $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, commit {commit.Trim()}, {Processor()}, "
                + $"{Environment.ProcessorCount} cores{load}, {memory} MB, {RuntimeInformation.OSDescription}, "
                + $"{RuntimeInformation.FrameworkDescription}, {House.Configuration}\n");
    }

    // What else ran on the machine before: figures of a busy one can't be compared.
    private static string Load()
    {
        const string file = "/proc/loadavg";
        return File.Exists(file) ? $", load {File.ReadAllText(file).Split(' ')[0]}" : "";
    }

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.StartsWith("model name")) : null;
        return line?.Split(':')[1].Trim() ?? $"{RuntimeInformation.ProcessArchitecture}";
    }

    /// <summary>Writes to the screen and keeps what was written.</summary>
    private sealed class Kept(TextWriter screen) : TextWriter
    {
        private readonly StringBuilder _text = new();

        public override Encoding Encoding => screen.Encoding;

        public string Text => $"{_text}";

        public override void Write(char value)
        {
            screen.Write(value);
            _text.Append(value);
        }
    }
}
