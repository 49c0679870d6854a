using System.Threading.Channels;
using Sak.Agent.WhatsApp;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// WhatsApp in memory without delays, so that only the agent is measured. Keeps only the newest rows.
/// </summary>
internal sealed class MemoryPage : IWhatsApp
{
    private const int Kept = 5_000;
    private readonly Channel<WhatsAppEvent> _events = Channel.CreateUnbounded<WhatsAppEvent>();
    private readonly Lock _gate = new();
    private readonly Queue<WhatsAppMessage> _newest = new();
    private long _rows;
    private long _sent;

    public ChannelReader<WhatsAppEvent> Events => _events.Reader;

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Raised when the agent asks to send.</summary>
    public event Action<string>? Asked;

    public void CustomerWrites(string phone, string text)
    {
        WhatsAppMessage message;
        lock (_gate)
        {
            message = new WhatsAppMessage($"false_{phone}@c.us_3A{++_rows:D16}", $"{phone}@c.us", phone, "Customer",
                false, "chat", text, TimeProvider.System.GetUtcNow(), _rows);
            _newest.Enqueue(message);
            if (_newest.Count > Kept) _newest.Dequeue();
        }

        _events.Writer.TryWrite(new WhatsAppEvent.Received(message));
    }

    public Task OpenAsync(CancellationToken cancel)
    {
        _events.Writer.TryWrite(new WhatsAppEvent.StateChanged(WhatsAppState.Ready));
        return Task.CompletedTask;
    }

    public Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel)
    {
        lock (_gate)
        {
            var found = _newest.Where(m => m.RowId > cursor).Take(limit).ToList();
            return Task.FromResult(
                new WhatsAppScan(found, found.Count > 0 ? found[^1].RowId : cursor, found.Count < limit));
        }
    }

    public Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel)
    {
        Interlocked.Increment(ref _sent);
        Asked?.Invoke(chatId);
        return Task.FromResult(WhatsAppAck.Sent);
    }

    public Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel) =>
        Task.FromResult<WhatsAppAck?>(WhatsAppAck.Sent);

    public Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _events.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }
}
