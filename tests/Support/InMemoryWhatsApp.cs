using System.Threading.Channels;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Support;

public enum SendFate
{
    Deliver,

    /// <summary>Throws, and the customer gets nothing.</summary>
    Refuse,

    /// <summary>The customer gets it, but the sender gets an exception instead of the acknowledgement.</summary>
    LoseAck,
}

/// <summary>
/// WhatsApp in memory: it keeps what customers wrote and what the shop sent, whatever happens to the agent. Each agent
/// that starts gets its own <see cref="Connect"/>ion.
/// </summary>
public sealed class InMemoryWhatsApp
{
    private readonly Lock _gate = new();
    private readonly List<WhatsAppMessage> _store = [];
    private readonly List<(string Id, string ChatId, string Text)> _sent = [];
    private readonly List<InMemoryPage> _pages = [];
    private int _made;

    /// <summary>Every message that reached a customer, in order; an id twice is a double.</summary>
    public IReadOnlyList<(string Id, string ChatId, string Text)> Sent
    {
        get
        {
            lock (_gate) return [.. _sent];
        }
    }

    /// <summary>What happens to the next sends; when it is empty they are delivered.</summary>
    public Queue<SendFate> Sends { get; } = new();

    public bool DropEvents { get; set; }

    /// <summary>
    /// The shop's own messages are in the store and raise an event in every browser, as in the real one.
    /// </summary>
    public bool TellsOwn { get; set; }

    /// <summary>The file of every message that is not text.</summary>
    public WhatsAppFile? NextFile { get; set; }

    public string CustomerWrites(string phone, string text, DateTimeOffset at, string type = "chat", string name = "",
        string? chatId = null)
    {
        WhatsAppMessage message;
        lock (_gate)
        {
            var chat = chatId ?? $"{phone}@c.us";
            message = new WhatsAppMessage($"false_{chat}_M{++_made:D6}", chat, phone, name, false, type, text, at,
                _made);
            _store.Add(message);
        }

        if (!DropEvents) Raise(new WhatsAppEvent.Received(message));
        return message.Id;
    }

    /// <summary>An edit without an event.</summary>
    public void CustomerEdits(string id, string text)
    {
        lock (_gate)
        {
            var at = _store.FindIndex(m => m.Id == id);
            _store[at] = _store[at] with { Text = text };
        }
    }

    public void OwnerWrites(string phone, string text, DateTimeOffset at)
    {
        WhatsAppMessage message;
        lock (_gate)
        {
            message = new WhatsAppMessage($"true_{phone}@c.us_P{++_made:D6}", $"{phone}@c.us", phone, "", true, "chat",
                text, at, _made);
            _store.Add(message);
        }

        Raise(new WhatsAppEvent.Received(message));
    }

    private void OwnWrites(string id, string chat, string text)
    {
        WhatsAppMessage message;
        lock (_gate)
        {
            message = new WhatsAppMessage(id, chat, chat.Split('@')[0], "", true, "chat", text,
                TimeProvider.System.GetUtcNow(), ++_made);
            _store.Add(message);
        }

        Raise(new WhatsAppEvent.Received(message));
    }

    public void Raise(WhatsAppEvent what)
    {
        lock (_gate)
            foreach (var page in _pages) page.Channel.Writer.TryWrite(what);
    }

    public IWhatsApp Connect()
    {
        var page = new InMemoryPage(this);
        lock (_gate) _pages.Add(page);
        return page;
    }

    private sealed class InMemoryPage(InMemoryWhatsApp world) : IWhatsApp
    {
        public Channel<WhatsAppEvent> Channel { get; } =
            System.Threading.Channels.Channel.CreateUnbounded<WhatsAppEvent>();

        public ChannelReader<WhatsAppEvent> Events => Channel.Reader;

        public Task OpenAsync(CancellationToken cancel)
        {
            Channel.Writer.TryWrite(new WhatsAppEvent.StateChanged(WhatsAppState.Ready));
            return Task.CompletedTask;
        }

        public Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel)
        {
            lock (world._gate)
            {
                var found = world._store.Where(m => m.RowId > cursor).Take(limit).ToList();
                return Task.FromResult(
                    new WhatsAppScan(found, found.Count > 0 ? found[^1].RowId : cursor, found.Count < limit));
            }
        }

        public Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel)
        {
            var fate = world.Sends.TryDequeue(out var next) ? next : SendFate.Deliver;
            if (fate is SendFate.Refuse)
                throw new WhatsAppException("WhatsApp refused the message.") { IsRefusal = true };
            lock (world._gate) world._sent.Add((messageId, chatId, text));
            if (world.TellsOwn) world.OwnWrites(messageId, chatId, text);
            if (fate is SendFate.LoseAck) throw new WhatsAppException("WhatsApp did not acknowledge the message.");
            return Task.FromResult(WhatsAppAck.Sent);
        }

        public Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel)
        {
            lock (world._gate)
                return Task.FromResult<WhatsAppAck?>(world._sent.Any(s => s.Id == messageId) ? WhatsAppAck.Sent : null);
        }

        public Task<WhatsAppFile?> DownloadAsync(string messageId, long mostBytes, CancellationToken cancel) =>
            Task.FromResult(world.NextFile);

        public Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel) => Task.CompletedTask;

        public ValueTask DisposeAsync()
        {
            Channel.Writer.TryComplete();
            lock (world._gate) world._pages.Remove(this);
            return ValueTask.CompletedTask;
        }
    }
}
