using System.CommandLine;
using Sak.Sync;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// bench agent: memory after ten thousand turns, the latency of a message through the agent, the reply path through
/// Chromium, and the cost of an idle agent.
/// </summary>
public static class BenchAgentCommand
{
    public static Command Create()
    {
        var turns = new Option<int>("--turns")
        {
            Description = "Turns of the memory workload.",
            DefaultValueFactory = _ => 10_000,
        };
        var idle = new Option<int>("--idle")
        {
            Description = "Seconds that the idle agent is watched.",
            DefaultValueFactory = _ => 30,
        };
        var messages = new Option<int>("--messages")
        {
            Description = "Messages through Chromium; 0 leaves the page out.",
            DefaultValueFactory = _ => 100,
        };
        var most = new Option<int>("--most")
        {
            Description = "Seconds after which a workload ends with what it has.",
            DefaultValueFactory = _ => 300,
        };
        var command = new Command("agent",
            "Memory after 10,000 turns, idle processor time, message → stored → reply; one JSON line each.")
                { turns, idle, messages, most };
        command.SetAction((line, cancel) => RunAsync(line.GetValue(turns), line.GetValue(idle),
            line.GetValue(messages), line.GetValue(most), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int turns, int idle, int messages, int most, CancellationToken cancel)
    {
        if (messages > 0) await Setup.BridgeAndBrowserAsync(Console.Error.WriteLine, cancel);
        var folder = Directory.CreateTempSubdirectory("sak-bench-").FullName;
        try
        {
            await TurnsAsync(folder, turns, most, cancel);
            if (messages == 0) return 0;
            await new ReplyPath(Path.Combine(folder, "page"), messages, TimeSpan.FromSeconds(most)).RunAsync(cancel);
            await new IdleAgent(Path.Combine(folder, "idle"), TimeSpan.FromSeconds(idle)).RunAsync(cancel);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The agent of the memory workload; the command above starts it as a process.</summary>
    public static Command CreateTurns()
    {
        var (folder, turns, most) = (new Argument<string>("folder"), new Argument<int>("turns"),
            new Argument<int>("most"));
        var command = new Command("agent-turns", "The measured agent; started by agent.") { folder, turns, most };
        command.Hidden = true;
        command.SetAction((line, cancel) =>
            new AgentTurns(line.GetValue(folder)!, line.GetValue(turns),
                TimeSpan.FromSeconds(line.GetValue(most))).RunAsync(cancel));
        return command;
    }

    private static async Task TurnsAsync(string folder, int turns, int most, CancellationToken cancel)
    {
        var tools = Path.Combine(AppContext.BaseDirectory, "sak-tools.dll");
        var (code, output) = await Child.RunAsync("dotnet",
            [tools, "bench", "agent-turns", Path.Combine(folder, "turns"), $"{turns}", $"{most}"], folder,
            House.AgentRuntime, cancel: cancel);
        if (code != 0) throw new SetupException($"The measured agent failed:\n{output}");
        await Console.Out.WriteLineAsync(output);
    }
}
