using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Sak.Agent.WhatsApp;

/// <summary>
/// WhatsApp through WhatsApp Web: a browser on the shop's profile, wa-js in its page, Bridge.js between the two. After
/// <see cref="WhatsAppState.Closed"/> it may be opened again; the channel of events stays the same.
/// </summary>
public sealed class WhatsAppWeb(WhatsAppOptions options, TimeProvider clock, ILogger<WhatsAppWeb> log) : IWhatsApp
{
    private readonly Channel<WhatsAppEvent> _events = Channel.CreateUnbounded<WhatsAppEvent>();
    private readonly ConcurrentDictionary<string, long> _unreadSince = new();
    private readonly Lock _gate = new();
    private BrowserSession? _session;
    private CancellationTokenSource _pageLife = new();
    private TaskCompletionSource _ready = NewSignal();
    private (WhatsAppState State, string Reason) _told = (WhatsAppState.Starting, "");
    private string _logoutReason = "";
    private string _bundlePath = "";

    public ChannelReader<WhatsAppEvent> Events => _events.Reader;

    /// <summary>Version of wa-js, once the bridge runs.</summary>
    public string BridgeVersion { get; private set; } = "";

    /// <summary>The page itself, for tests that break it.</summary>
    internal IPage? Page => _session?.Page;

    public async Task OpenAsync(CancellationToken cancel)
    {
        await CloseAsync();
        _bundlePath = BridgeBundle.Find(options.BundlePath, options.DataFolder);
        var script = await BridgeBundle.ScriptAsync(_bundlePath, cancel);
        lock (_gate) _ready = NewSignal();
        Tell(WhatsAppState.Starting, "");
        _session = await BrowserSession.LaunchAsync(options, clock, cancel);
        try
        {
            _pageLife = new();
            WatchDeath(_session, _pageLife.Token);
            await _session.GoAsync(options, script, OnEvent, cancel);
            await _ready.Task.WaitAsync(options.ReadyWithin, clock, cancel);
        }
        catch (TimeoutException)
        {
            // Reported as a state instead of thrown: the page stays open and may still become ready, and the rest of
            // the agent keeps working.
            TellChanged($"the bridge is not ready after {options.ReadyWithin.TotalSeconds:0} seconds");
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    public Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel) =>
        ScanAsync(new WhatsAppPlace(cursor, ""), limit, cancel);

    public async Task<WhatsAppScan> ScanAsync(WhatsAppPlace place, int limit, CancellationToken cancel)
    {
        var messages = new List<WhatsAppMessage>();
        long? held = null;
        var anchor = "";
        while (true)
        {
            var scan = (await CallAsync<BridgeScan>("scan", [place.Row, limit, place.Anchor], TimeSpan.FromMinutes(2),
                cancel))!;
            foreach (var message in scan.Messages)
            {
                if (message.IsWritten && ShouldWait(message)) held ??= message.Row - 1;
                else if (message.IsWritten) messages.Add(message.ToMessage());
                if (held is null && message.Row > 0) anchor = $"{message.Row} {message.Id}";
            }

            // The cursor stays before a message that may still be decrypted; the messages after it are returned
            // all the same.
            if (held is null || scan.Complete)
                return new WhatsAppScan(messages, held ?? scan.Cursor, scan.Complete, anchor);
            place = new WhatsAppPlace(scan.Cursor, "");
        }
    }

    public async Task<WhatsAppFile?> DownloadAsync(string messageId, long mostBytes, CancellationToken cancel) =>
        await CallAsync<BridgeFile>("download", [messageId, mostBytes], TimeSpan.FromMinutes(2), cancel) is { } file
            ? new WhatsAppFile(Bytes(file.Content), file.Mime, file.Name, file.Bytes)
            : null;

    /// <summary>
    /// A code that the owner types into WhatsApp on the phone with this number (digits with country code),
    /// instead of scanning.
    /// </summary>
    public async Task<string> LinkCodeAsync(string phone, CancellationToken cancel) =>
        (await CallAsync<string>("linkCode", [phone], TimeSpan.FromSeconds(70), cancel))!;

    public async Task<string> NumberAsync(CancellationToken cancel) =>
        await CallAsync<string>("number", [], TimeSpan.FromSeconds(10), cancel) ?? "";

    public async Task<WhatsAppPulse> PulseAsync(CancellationToken cancel)
    {
        var lives = await CallAsync<bool>("alive", [], TimeSpan.FromSeconds(12), cancel);
        return new WhatsAppPulse(_session is { } open ? await open.MemoryAsync().WaitAsync(cancel) : 0,
            IsSilent: !lives);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The message goes to the chat that is part of the id: WhatsApp may store a customer under another id (a LID) than
    /// the one asked for. An id that the page already has is not sent a second time. Without an acknowledgement in time
    /// the result is <see cref="WhatsAppAck.Pending"/>: the page has the message and goes on by itself.
    /// </remarks>
    public async Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel)
    {
        var within = options.SendWithin + TimeSpan.FromSeconds(40);
        return (WhatsAppAck)await CallAsync<int>("send", [text, messageId, options.SendWithin.TotalMilliseconds],
            within, cancel);
    }

    public async Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel) =>
        (WhatsAppAck?)await CallAsync<int?>("find", [messageId], TimeSpan.FromSeconds(30), cancel);

    public Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel) =>
        CallAsync<object>("typing", [chatId, (long)time.TotalMilliseconds], TimeSpan.FromSeconds(10), cancel);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Tell(WhatsAppState.Closed, "");
        _events.Writer.TryComplete();
        _pageLife.Dispose();
    }

    private async Task CloseAsync()
    {
        await _pageLife.CancelAsync();
        if (Interlocked.Exchange(ref _session, null) is { } open) await open.DisposeAsync();
    }

    private Task<T?> CallAsync<T>(string name, object?[] arguments, TimeSpan within, CancellationToken cancel) =>
        _session?.CallAsync<T>(name, arguments, within, cancel)
        ?? throw new WhatsAppException("The browser is not open. SAK opens it again by itself.");

    private void WatchDeath(BrowserSession opened, CancellationToken life)
    {
        opened.OnDeath(what =>
        {
            if (!life.IsCancellationRequested)
                Tell(WhatsAppState.Closed, $"{what}. SAK opens it again by itself; nothing is lost.");
        });
    }

    // The page reloads itself, after the login or an update; each time the bridge has to become ready again.
    private async Task ExpectReadyAsync(CancellationToken life)
    {
        var expected = NewSignal();
        lock (_gate)
        {
            if (_ready.Task.IsCompleted) _ready = expected;
            else expected = _ready;
        }

        try
        {
            await expected.Task.WaitAsync(options.ReadyWithin, clock, life);
        }
        catch (TimeoutException)
        {
            TellChanged($"the bridge is not ready after {options.ReadyWithin.TotalSeconds:0} seconds");
        }
        catch (OperationCanceledException) when (life.IsCancellationRequested)
        {
            // The browser is closed.
        }
    }

    private void OnEvent(string json)
    {
        try
        {
            Take(BridgeEvent.Read(json));
        }
        catch (JsonException fault)
        {
            log.LogWarning("The bridge said something that can't be read: {Fault}", fault.Message);
        }
    }

    private void Take(BridgeEvent e)
    {
        switch (e.Kind)
        {
            case "message" when e.Message!.IsWritten: Write(new WhatsAppEvent.Received(e.Message.ToMessage())); break;
            case "message": break;
            case "edited": Write(new WhatsAppEvent.Edited(e.Id, e.Text)); break;
            case "revoked": Write(new WhatsAppEvent.Revoked(e.Id)); break;
            case "acked": Write(new WhatsAppEvent.Acked(e.Ids, (WhatsAppAck)e.Ack)); break;
            case "typing": Write(new WhatsAppEvent.Typing(e.Chat, e.On)); break;
            case "code": Write(new WhatsAppEvent.LoginCode(e.Code)); break;
            case "catchup": Write(new WhatsAppEvent.CatchUpDue(e.Why)); break;
            case "loaded": OnLoaded(); break;
            case "ready": OnReady(e); break;
            case "status": OnStatus(e); break;
            case "logoutReason": _logoutReason = e.Reason; break;
            case "logout": Tell(WhatsAppState.LoggedOut, ConnectionWords.Logout(_logoutReason)); break;
            case "outdated": Tell(WhatsAppState.Changed, ConnectionWords.Outdated); break;
            case "banned": Tell(WhatsAppState.Offline, ConnectionWords.Banned); break;
            case "fault": log.LogWarning("The bridge could not do something: {Fault}", e.Text); break;
            default: log.LogWarning("The bridge said {Kind}, which this version of SAK does not know.", e.Kind); break;
        }
    }

    // Only changes of the state are reported. A page that loads again and is ready at once would not be reported, and
    // messages that came meanwhile would not be looked for.
    private void OnLoaded()
    {
        if (_told.State == WhatsAppState.Ready) Tell(WhatsAppState.Starting, "");
        _ = ExpectReadyAsync(_pageLife.Token);
    }

    private void OnReady(BridgeEvent e)
    {
        BridgeVersion = e.Version;
        lock (_gate) _ready.TrySetResult();
        log.LogInformation("WhatsApp bridge wa-js {Version} in {Browser}", e.Version, e.Browser);
        if (e.Missing.Count > 0) TellChanged($"wa-js {e.Version} can't find {string.Join(", ", e.Missing)}");
        else if (_told.State is not WhatsAppState.Ready) Tell(WhatsAppState.Starting, "");
        if (e.Limited.Count > 0) Write(new WhatsAppEvent.Limited(ConnectionWords.Limited(e.Limited)));
    }

    private void OnStatus(BridgeEvent e)
    {
        var (state, reason) = ConnectionWords.Of(e.Mode, e.Info, e.Authenticated, e.Loaded);
        if (state == WhatsAppState.NeedsLogin && _logoutReason.Length > 0)
            reason = ConnectionWords.Logout(_logoutReason);
        if (state == WhatsAppState.Ready) _logoutReason = "";
        if (Tell(state, reason) && state == WhatsAppState.Ready)
            Write(new WhatsAppEvent.CatchUpDue("WhatsApp is ready"));
    }

    private void TellChanged(string what) => Tell(WhatsAppState.Changed, ConnectionWords.Changed(what, _bundlePath));

    private bool Tell(WhatsAppState state, string reason)
    {
        lock (_gate)
        {
            if (_told == (state, reason)) return false;
            _told = (state, reason);
            Write(new WhatsAppEvent.StateChanged(state, reason));
            return true;
        }
    }

    private void Write(WhatsAppEvent what) => _events.Writer.TryWrite(what);

    // Most messages are unreadable for a moment, since the text follows the envelope. After a longer time they are
    // reported as unreadable.
    private bool ShouldWait(BridgeMessage message)
    {
        if (!message.Unread)
        {
            _unreadSince.TryRemove(message.Id, out _);
            return false;
        }

        var since = _unreadSince.GetOrAdd(message.Id, _ => clock.GetTimestamp());
        return clock.GetElapsedTime(since) < options.UnreadablePatience;
    }

    private static byte[] Bytes(string base64)
    {
        try
        {
            return Convert.FromBase64String(base64);
        }
        catch (FormatException)
        {
            throw new WhatsAppException("WhatsApp's page handed over a file that is not whole.");
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
