using System.Text.Json.Nodes;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>An item that the server has for a device; kept until the device acknowledges it.</summary>
internal sealed record Envelope(long Number, JsonObject Content)
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>
/// A browser profile that opened the page. Items that it has not acknowledged wait for it, like offline messages.
/// </summary>
internal sealed class Device(string id)
{
    private readonly List<Envelope> _waiting = [];
    private long _lastNumber;

    public string Id { get; } = id;

    /// <summary>True when it is linked and has the chats' history: new messages are queued for it.</summary>
    public bool Follows { get; set; }

    /// <summary>The current connection; a newer one replaces it.</summary>
    public object? Connection { get; set; }

    /// <summary>Whether the page that is connected shows chats, rather than the login.</summary>
    public bool ShowsChats { get; set; }

    public bool Connected => Connection is not null;

    public int Waiting => _waiting.Count;

    public Envelope Queue(string op, JsonObject? content = null)
    {
        content ??= [];
        content["op"] = op;
        content["n"] = ++_lastNumber;
        var envelope = new Envelope(_lastNumber, content);
        _waiting.Add(envelope);
        return envelope;
    }

    public IReadOnlyList<Envelope> After(long number) => [.. _waiting.Where(e => e.Number > number)];

    public void Settle(IReadOnlyList<long> numbers)
    {
        foreach (var envelope in _waiting.Where(e => numbers.Contains(e.Number))) envelope.Done.TrySetResult();
        _waiting.RemoveAll(e => numbers.Contains(e.Number));
    }

    public void Forget()
    {
        foreach (var envelope in _waiting) envelope.Done.TrySetResult();
        _waiting.Clear();
    }
}
