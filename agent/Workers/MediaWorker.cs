using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Sak.Agent.Store;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Workers;

/// <summary>Fetches voice notes, pictures, documents, places and contacts one after another, and has voice notes transcribed where a command is set.</summary>
/// <param name="mostBytes">Larger ones stay in WhatsApp.</param>
/// <param name="transcriber">A command that gets the file as its last word and prints what was said; empty for none.</param>
public sealed class MediaWorker(
    ReplicaDb db, MediaFiles media, WhatsAppLink link, long mostBytes, string transcriber, TimeProvider clock, ILogger<MediaWorker> log)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DownloadDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TranscriberDeadline = TimeSpan.FromMinutes(2);
    private readonly WakeUp wake = new(clock);

    public async Task RunAsync(CancellationToken cancel)
    {
        db.Written += wake.Ring;
        try
        {
            while (true)
            {
                if (link.Ready is { } page && await media.NextAsync(cancel) is { } wanted) await FetchAsync(page, wanted, cancel);
                else await wake.WaitAsync(Idle, cancel);
            }
        }
        finally
        {
            db.Written -= wake.Ring;
        }
    }

    private async Task FetchAsync(IWhatsApp page, WantedMedia wanted, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(DownloadDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            var file = await page.DownloadAsync(wanted.MessageId, mostBytes, deadline.Token);
            if (file is null) await media.FailedAsync(wanted, "WhatsApp does not have it (any more).", false, cancel);
            else if (file.Bytes > mostBytes)
                await media.FailedAsync(wanted, $"it is {file.Bytes / 1_000_000.0:0.0} MB; the setting WhatsApp:MediaMegabytes allows {mostBytes / 1_000_000.0:0.#}.", true, cancel);
            else await TranscribeAsync(wanted, await media.KeepAsync(wanted, file, cancel), cancel);
        }
        catch (Exception error) when (error is WhatsAppException or IOException or UnauthorizedAccessException)
        {
            await media.FailedAsync(wanted, error.Message, false, cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await media.FailedAsync(wanted, "WhatsApp did not hand it over in time.", false, cancel);
        }
    }

    private async Task TranscribeAsync(WantedMedia wanted, string path, CancellationToken cancel)
    {
        if (transcriber.Length == 0 || !MediaFiles.IsVoice(wanted.Type)) return;
        await media.TranscribedAsync(wanted.MessageId, await HearAsync(path, cancel), cancel);
    }

    // A transcriber that is missing, fails or hangs leaves a voice note that a person listens to.
    private async Task<string> HearAsync(string path, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(TranscriberDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        var words = transcriber.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.BeginErrorReadLine(); // What it says beside must not stand on the dashboard.
            try
            {
                var heard = await process.StandardOutput.ReadToEndAsync(deadline.Token);
                await process.WaitForExitAsync(deadline.Token);
                if (process.ExitCode == 0) return heard.Trim();
                log.LogWarning("The transcriber ended with {Code}", process.ExitCode);
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception error)
        {
            log.LogWarning("The transcriber {Command} did not start: {Reason}", words[0], error.Message);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("The transcriber took longer than {Time}", TranscriberDeadline);
        }

        return "";
    }
}
