using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace Sak.Tools.Demo;

/// <summary>demo: a shop's afternoon with an outage of the cloud, on real components, audited at the end.</summary>
public static class DemoCommand
{
    private const string Shop = "Asha Stores";
    private const string Currency = "INR";
    private const int Steps = 15;
    private static readonly JsonSerializerOptions Json = new()
        { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    public static string Catalog { get; } = Path.Combine(House.Root, "tools", "demo", "catalog.csv");

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Write the result as JSON to this file too." };
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave everything running afterwards, to play with, until Ctrl+C.",
        };
        var folder = new Option<string?>("--folder")
        {
            Description =
                "Where databases, logs and the export go (default: a new folder under the system's temporary one).",
        };
        var engine = new Option<string>("--database")
        {
            Description = "The cloud's database: sqlite, or postgres with --connection.",
            DefaultValueFactory = _ => "sqlite",
        };
        var connection = new Option<string>("--connection")
        {
            Description = "Connection string for --database.",
            DefaultValueFactory = _ => "",
        };
        var command = new Command("demo",
            "Plays a shop's afternoon, cloud outage included, on real parts. Needs no account, no key, no phone.")
                { json, keep, folder, engine, connection };
        command.SetAction(
            (line, cancel) =>
                RunAsync(line.GetValue(json), line.GetValue(keep), line.GetValue(folder), line.GetValue(engine)!,
                    line.GetValue(connection)!, cancel));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? json, bool keep, string? folder, string engine,
        string connection, CancellationToken cancel)
    {
        var screen = new DemoScreen(OpenConsole(), Steps);
        try
        {
            screen.Step("What is missing is brought in");
            await Setup.BridgeAndBrowserAsync(what => screen.Say("set-up", what), cancel);
            await using var world = await DemoWorld.OpenAsync(
                folder ?? Directory.CreateTempSubdirectory("sak-demo-").FullName, engine, connection, cancel);
            var result = await PlayAsync(world, screen, cancel);
            screen.Result(result);
            if (json is not null)
                await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(result, Json), cancel);
            if (keep) await KeepAsync(world, cancel);
            return result.IsGood ? 0 : 1;
        }
        catch (Exception error) when (error is TimeoutException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 130;
        }
    }

    /// <summary>Opens the shop, plays the afternoon, and audits it.</summary>
    public static async Task<DemoResult> PlayAsync(DemoWorld world, DemoScreen screen, CancellationToken cancel)
    {
        screen.Step("The cloud opens");
        await world.OpenCloudAsync(Shop, Currency, Catalog, cancel);
        screen.Say("cloud", $"process {world.Server!.Id} on {world.ServerAddress}");
        screen.Step("The shop's PC opens: agent, Chromium, wa-js");
        world.StartAgent(Shop, Currency);
        screen.Step("The phone scans the login code");
        await world.LinkPhoneAsync(cancel);
        await world.SyncedAsync(cancel);

        var afternoon = new Afternoon(world, screen);
        await afternoon.PlayAsync(cancel);

        screen.Step("The accountant exports, and everything is counted");
        var file = await world.ExportAsync(Path.Combine(world.Folder, "orders.csv"), cancel);
        return await new Audit(world, afternoon, Catalog).RunAsync(file, screen.Seconds, cancel);
    }

    // Output into a file or a pipe is plain text without a line width.
    private static IAnsiConsole OpenConsole()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(Console.Out),
            });
        plain.Profile.Width = 160;
        return plain;
    }

    private static async Task KeepAsync(DemoWorld world, CancellationToken cancel)
    {
        AnsiConsole.MarkupLine(
            $"Open [link]{world.Site.Address}[/] in a browser to write as any customer. Ctrl+C ends everything.");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
