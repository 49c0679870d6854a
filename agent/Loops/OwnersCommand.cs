using System.CommandLine.Parsing;
using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Sak.Agent.Loops;

/// <summary>
/// A command of the owner's settings, run with one more word: bounded in time, read to its end, never seen
/// on the dashboard.
/// </summary>
/// <param name="name">What it is, for the log: "transcriber".</param>
/// <param name="line">As the owner wrote it; a path with blanks is in double quotes. Empty for none.</param>
internal sealed class OwnersCommand(string name, string line, TimeSpan deadline, TimeProvider clock, ILogger log)
{
    private readonly string[] _words = [.. CommandLineParser.SplitCommandLine(line)];

    public bool IsSet => _words.Length > 0;

    /// <summary>What it printed; null when it is not there, fails or takes too long, which the log says.</summary>
    public async Task<string?> RunAsync(string last, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(deadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(_words[0], [.. _words[1..], last]) { RedirectStandardOutput = true,
                    RedirectStandardError = true })!;
            process.BeginErrorReadLine(); // Unread, it would wait for us once its pipe is full.
            try
            {
                var said = await process.StandardOutput.ReadToEndAsync(both.Token);
                await process.WaitForExitAsync(both.Token);
                if (process.ExitCode == 0) return said.Trim();
                log.LogWarning("The {Command} ended with {Code}", name, process.ExitCode);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception error)
        {
            log.LogWarning("The {Command} {Program} did not start: {Reason}", name, _words[0], error.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("The {Command} took longer than {Time}", name, deadline);
        }

        return null;
    }
}
