using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>
/// Fetches voice notes, pictures, documents, places and contacts one after another, and has voice notes transcribed
/// where a command is set.
/// </summary>
public sealed class FetchMedia(
    ReplicaDb db, MediaFiles media, WhatsAppLink link, WhatsAppSettings settings, TimeProvider clock,
    ILogger<FetchMedia> log)
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DownloadDeadline = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan TranscriberDeadline = TimeSpan.FromMinutes(2);
    private readonly WakeUp _wake = new(clock);
    private readonly long _mostBytes = (long)(settings.MediaMegabytes * 1_000_000);
    private readonly OwnersCommand _transcriber =
        new("transcriber", settings.Transcriber, TranscriberDeadline, clock, log);
    private readonly Channel<(string MessageId, string Path)> _unheard = Channel.CreateUnbounded<(string, string)>();

    public async Task RunAsync(CancellationToken cancel)
    {
        db.Written += _wake.Ring;
        try
        {
            while (true)
            {
                if (link.Ready is { } page && await media.NextAsync(cancel) is { } wanted)
                    await FetchAsync(page, wanted, cancel);
                else await _wake.WaitAsync(Idle, cancel);
            }
        }
        finally
        {
            db.Written -= _wake.Ring;
        }
    }

    private async Task FetchAsync(IWhatsApp page, WantedMedia wanted, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(DownloadDeadline, clock);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            var file = await page.DownloadAsync(wanted.MessageId, _mostBytes, deadline.Token);
            if (file is null) await media.FailedAsync(wanted, "WhatsApp does not have it (any more).", false, cancel);
            else if (file.Bytes > _mostBytes)
                await media.FailedAsync(wanted,
                    $"it is {file.Bytes / 1_000_000.0:0.0} MB; the setting WhatsApp:MediaMegabytes allows "
                        + $"{_mostBytes / 1_000_000.0:0.#}.", true, cancel);
            else await KeepAsync(wanted, file, cancel);
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

    private async Task KeepAsync(WantedMedia wanted, WhatsAppFile file, CancellationToken cancel)
    {
        var path = await media.KeepAsync(wanted, file, cancel);
        if (MediaFiles.IsBasket(wanted.Type))
            await media.TranscribedAsync(wanted.MessageId, BasketWords.Of(file.Content), cancel);
        if (_transcriber.IsSet && MediaFiles.IsVoice(wanted.Type)) _unheard.Writer.TryWrite((wanted.MessageId, path));
    }

    /// <summary>Beside the downloads, one after another: a long voice note must not keep a picture waiting.</summary>
    public async Task TranscribeAsync(CancellationToken cancel)
    {
        await foreach (var (messageId, path) in _unheard.Reader.ReadAllAsync(cancel))
            // Without words a person listens.
            await media.TranscribedAsync(messageId, await _transcriber.RunAsync(path, cancel) ?? "", cancel);
    }
}
