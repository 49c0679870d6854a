using System.Threading.Channels;
using Sak.Agent.WhatsApp;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>
/// One run of the browser, as the agent sees it. It ends with its agent; the profile and WhatsApp continue.
/// </summary>
internal sealed class SimulatedPage(World world, TimeSpan patience) : IWhatsApp
{
    private readonly Channel<WhatsAppEvent> _events = Channel.CreateUnbounded<WhatsAppEvent>();
    private readonly Dictionary<string, DateTimeOffset> _sealedSince = [];
    private bool _dead;

    public ChannelReader<WhatsAppEvent> Events => _events.Reader;

    public bool Online { get; private set; }

    /// <summary>
    /// Connected but silent: no message arrives, no event is raised, calls are answered from the store.
    /// </summary>
    public bool Deaf { get; set; }

    public async Task OpenAsync(CancellationToken cancel)
    {
        await Pause(800, 4000, cancel);
        if (world.Strikes("browser did not start", 0.03))
            throw new WhatsAppException("The simulation did not start the browser.");
        Say(new WhatsAppEvent.StateChanged(WhatsAppState.Syncing));
        Online = true;
        Say(new WhatsAppEvent.StateChanged(WhatsAppState.Ready));
        foreach (var pending in world.Store.Where(m => m is { FromMe: true, Ack: WhatsAppAck.Pending }).ToList())
            Later(50, () => Out(pending!, again: true));
        Later(world.Chance.Next(100, 3000), world.Drain);
        if (world.Strikes("page crashed", 0.1)) Later(world.Chance.Next(1_000, 600_000), () => Die("The page crashed"));
        if (world.Strikes("went deaf", 0.05)) Later(world.Chance.Next(1_000, 600_000), () => Deaf = true);
    }

    public async Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel)
    {
        await Pause(5, 200, cancel);
        if (world.Strikes("scan failed", 0.03)) throw new WhatsAppException("The simulation did not answer a scan.");
        if (cursor > world.Store.Count) cursor = 0;
        limit = Math.Min(limit, 7);
        var found = new List<WhatsAppMessage>();
        long? held = null;
        var row = cursor;
        while (row < world.Store.Count && (row < cursor + limit || held is not null))
        {
            if (world.Store[(int)row++] is not { } message) continue;
            if (message.Sealed && Waits(message)) held ??= row - 1;
            else found.Add(message.AsMessage(row));
        }

        var scan = new WhatsAppScan(found, held ?? row, held is not null || row >= world.Store.Count,
            world.Anchor(held ?? row));
        await Pause(5, 200, cancel);
        return scan;
    }

    public async Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel)
    {
        await Pause(10, 300, cancel);
        if (world.Strikes("send refused", 0.05))
            throw new WhatsAppException("The simulation refused a message.") { IsRefusal = true };
        var own = world.Store.Find(m => m?.Id == messageId);
        if (own is { Ack: >= WhatsAppAck.Pending }) return own.Ack;
        own ??= world.PutOwn(messageId, messageId.Split('_')[1], text);
        if (world.Strikes("send failed", 0.04))
        {
            own.Ack = WhatsAppAck.Failed;
            throw new WhatsAppException("WhatsApp answered ERROR_UNKNOWN") { IsRefusal = true };
        }

        own.Ack = WhatsAppAck.Pending;
        if (Deaf) await Task.Delay(Timeout.InfiniteTimeSpan, world.Clock, cancel);
        if (world.Strikes("send hung", 0.02)) await Task.Delay(Timeout.InfiniteTimeSpan, world.Clock, cancel);
        await Pause(20, 800, cancel);
        if (world.Strikes("acknowledgement lost", 0.05))
        {
            world.Deliver(own, again: false);
            await Pause(30_000, 30_000, cancel);
            return WhatsAppAck.Pending;
        }

        if (world.Strikes("acknowledgement late", 0.05))
        {
            world.Deliver(own, again: false);
            Later(world.Chance.Next(1_000, 120_000), () => Out(own, again: true));
            return WhatsAppAck.Pending;
        }

        Out(own, again: false);
        await Pause(10, 400, cancel);
        return own.Ack;
    }

    public async Task<WhatsAppFile?> DownloadAsync(string messageId, long mostBytes, CancellationToken cancel)
    {
        await Pause(50, 3000, cancel);
        if (world.Strikes("download failed", 0.2))
            throw new WhatsAppException("The simulation did not hand a file over.");
        if (world.Strikes("download hung", 0.05)) await Task.Delay(Timeout.InfiniteTimeSpan, world.Clock, cancel);
        if (world.Find(messageId) is not { Type: not "revoked" }) return null;
        var content = System.Text.Encoding.UTF8.GetBytes(messageId);
        return new WhatsAppFile(content, "audio/ogg; codecs=opus", "", content.Length);
    }

    public Task<WhatsAppScan> ScanAsync(WhatsAppPlace place, int limit, CancellationToken cancel) =>
        ScanAsync(world.IsAt(place) ? place.Row : 0, limit, cancel);

    public async Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel)
    {
        await Pause(5, 100, cancel);
        return world.Store.Find(m => m?.Id == messageId)?.Ack;
    }

    public async Task<WhatsAppPulse> PulseAsync(CancellationToken cancel)
    {
        await Pause(5, 50, cancel);
        if (world.Strikes("no sign of life", 0.02)) await Task.Delay(Timeout.InfiniteTimeSpan, world.Clock, cancel);
        if (Deaf) return new WhatsAppPulse(300, IsSilent: true);
        return new WhatsAppPulse(world.Strikes("memory over the limit", 0.002) ? 5000 : 300);
    }

    public Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel) => Pause(5, 20, cancel);

    public void Say(WhatsAppEvent what)
    {
        if (!_dead && !Deaf) _events.Writer.TryWrite(what);
    }

    /// <summary>Ends the page; an agent that still runs gets an event.</summary>
    public void Die(string why = "The browser ended")
    {
        if (_dead) return;
        Deaf = false;
        Say(new WhatsAppEvent.StateChanged(WhatsAppState.Closed, why));
        (_dead, Online) = (true, false);
        _events.Writer.TryComplete();
        world.Closed(this);
    }

    public ValueTask DisposeAsync()
    {
        Die();
        return ValueTask.CompletedTask;
    }

    private void Out(WorldMessage own, bool again)
    {
        if (_dead || own.Ack >= WhatsAppAck.Sent) return;
        own.Ack = WhatsAppAck.Sent;
        world.Deliver(own, again);
        world.Tell(new WhatsAppEvent.Acked([own.Id], WhatsAppAck.Sent), "ack");
        Later(world.Chance.Next(200, 5000), () =>
        {
            own.Ack = WhatsAppAck.Read;
            world.Tell(new WhatsAppEvent.Acked([own.Id], WhatsAppAck.Read), "ack");
        });
    }

    private bool Waits(WorldMessage message)
    {
        _sealedSince.TryAdd(message.Id, world.Clock.GetUtcNow());
        return world.Clock.GetUtcNow() - _sealedSince[message.Id] < patience;
    }

    private void Later(int milliseconds, Action what) =>
        world.Clock.After(TimeSpan.FromMilliseconds(milliseconds), () =>
        {
            if (!_dead) what();
        });

    private async Task Pause(int least, int most, CancellationToken cancel)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(least, most + 1)), world.Clock, cancel);
        if (_dead) throw new WhatsAppException("The browser is not open.");
    }
}
