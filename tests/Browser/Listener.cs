using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>The events of a channel, in order, to wait for.</summary>
public sealed class Listener
{
    private readonly List<WhatsAppEvent> _heard = [];
    private readonly Lock _gate = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Listener(IWhatsApp whatsApp) => _ = ReadAsync(whatsApp);

    public IReadOnlyList<WhatsAppEvent> Heard
    {
        get
        {
            lock (_gate) return [.. _heard];
        }
    }

    public int Count => Heard.Count;

    /// <summary>The first matching event of this kind from position <paramref name="from"/> on.</summary>
    public async Task<T> ForAsync<T>(Func<T, bool> fits, int from = 0, int seconds = 30) where T : WhatsAppEvent
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_heard.Skip(from).OfType<T>().FirstOrDefault(fits) is { } found) return found;
                next = _more.Task;
            }

            try
            {
                await next.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    $"No such {typeof(T).Name} within {seconds} s. Heard: {string.Join(" | ", Heard.Skip(from))}");
            }
        }
    }

    public Task<WhatsAppEvent.StateChanged> StateAsync(WhatsAppState state, int from = 0) =>
        ForAsync<WhatsAppEvent.StateChanged>(s => s.State == state, from);

    public async Task<WhatsAppMessage> MessageAsync(string id, int from = 0) =>
        (await ForAsync<WhatsAppEvent.Received>(r => r.Message.Id == id, from)).Message;

    private async Task ReadAsync(IWhatsApp whatsApp)
    {
        await foreach (var what in whatsApp.Events.ReadAllAsync())
        {
            lock (_gate)
            {
                _heard.Add(what);
                _more.TrySetResult();
                _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
