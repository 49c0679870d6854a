using System.Diagnostics;
using System.Text.Json;

namespace Sak.Tools.Bench;

/// <summary>The measured client as a process, controlled by lines on its input and output.</summary>
internal sealed class BenchProcess(Process process) : IAsyncDisposable
{
    public int Id => process.Id;

    public static BenchProcess Start(string tools, string kind, string address, string key)
    {
        var start = new ProcessStartInfo("dotnet",
            [tools, "bench", "client", kind, address, key])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            };
        if (kind == "sak")
            foreach (var (name, value) in House.AgentRuntime) start.Environment[name] = value;
        return new BenchProcess(Process.Start(start)!);
    }

    public async Task<BenchAnswer> AskAsync(string command)
    {
        await process.StandardInput.WriteLineAsync(command);
        await process.StandardInput.FlushAsync();
        var line = await process.StandardOutput.ReadLineAsync()
            ?? throw new SetupException(
                $"The measured client ended at \"{command.Split('\t')[0]}\"; what it said stands above.");
        return JsonSerializer.Deserialize<BenchAnswer>(line);
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var time = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await process.WaitForExitAsync(time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }
}
