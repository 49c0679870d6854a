using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>WhatsApp's server: devices and their queues, all messages ever written, and what the shop sent.</summary>
internal sealed partial class Server(TimeProvider clock)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public const string Me = "966500000000@c.us";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Device> _devices = [];
    private readonly List<StoredMessage> _history = [];
    private readonly HashSet<string> _chats = [];
    private readonly Dictionary<string, JsonObject> _contacts = [];
    private readonly Dictionary<string, SentMessage> _sent = [];
    private readonly List<SendAttempt> _attempts = [];
    private readonly HashSet<string> _typed = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Faults Faults { get; } = new();

    public T Read<T>(Func<Server, T> look)
    {
        lock (_gate) return look(this);
    }

    public IReadOnlyCollection<Device> Devices => _devices.Values;

    public IReadOnlyList<SentMessage> Sent => Read(_ => (IReadOnlyList<SentMessage>)[.. _sent.Values]);

    public IReadOnlyList<SendAttempt> Attempts => Read(_ => (IReadOnlyList<SendAttempt>)[.. _attempts]);

    public IReadOnlyList<(string Id, string Name)> People => Read(_ => (IReadOnlyList<(string, string)>)
        [.. _contacts.Values.Select(c => ((string)c["id"]!, (string)c["pushname"]!))]);

    /// <summary>Completes at the next change of any state.</summary>
    public Task Changed => Read(_ => _changed.Task);

    /// <summary>Waits for a condition; checks it at every change.</summary>
    public async Task<T> UntilAsync<T>(Func<Server, T?> look, CancellationToken cancel) where T : class
    {
        while (true)
        {
            var next = Changed;
            if (Read(look) is { } found) return found;
            await next.WaitAsync(cancel);
        }
    }

    public T Change<T>(Func<T> change)
    {
        lock (_gate)
        {
            var result = change();
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return result;
        }
    }

    public void Change(Action change) => Change(() =>
    {
        change();
        return 0;
    });

    public Device Connect(string id, bool showsChats, object connection) => Change(() =>
    {
        if (!_devices.TryGetValue(id, out var device)) _devices[id] = device = new Device(id);
        device.Connection = connection;
        device.ShowsChats = showsChats;
        if (showsChats && !device.Follows)
        {
            device.Follows = true;
            foreach (var contact in _contacts.Values)
                device.Queue("contact", new() { ["contact"] = contact.DeepClone() });
            foreach (var message in _history) device.Queue("message", Deliver(message, Delivery.Normal, old: true));
        }

        return device;
    });

    public void Disconnect(Device device, object connection) => Change(() =>
    {
        if (device.Connection == connection) device.Connection = null;
    });

    /// <summary>
    /// Queues a message for every linked device but one; returns the envelopes for the connected ones.
    /// </summary>
    public IReadOnlyList<Envelope> Spread(StoredMessage message, Delivery how, string? except = null) => Change(() =>
    {
        _history.Add(message);
        _chats.Add(message.Id.Split('_')[1]);
        return Followers(except).Select(d => (d, d.Queue("message", Deliver(message, how, old: false))))
            .Where(p => p.d.Connected).Select(p => p.Item2).ToList();
    });

    /// <summary>Queues an event for every linked device; returns the envelopes for the connected ones.</summary>
    public IReadOnlyList<Envelope> Tell(string op, Func<JsonObject> content) => Change(() =>
        Followers(null).Select(d => (d, d.Queue(op, content()))).Where(p => p.d.Connected).Select(p => p.Item2)
            .ToList());

    public void Meet(string id, string name, string? phone) => Change(() =>
    {
        var contact = new JsonObject { ["id"] = id, ["pushname"] = name,
            ["phone"] = phone ?? (string?)_contacts.GetValueOrDefault(id)?["phone"] };
        if (_contacts.TryGetValue(id, out var known) && JsonNode.DeepEquals(known, contact)) return;
        _contacts[id] = contact;
        foreach (var device in Followers(null)) device.Queue("contact", new() { ["contact"] = contact.DeepClone() });
    });

    /// <summary>Browsers linked from now on get the history in reverse order.</summary>
    public void TurnHistoryRound() => Change(_history.Reverse);

    public bool Knows(string chat) => Read(_ => _chats.Contains(chat));

    public StoredMessage? Find(string id) => Read(_ => _history.Find(m => m.Id == id));

    public bool Holds(string id) => Read(_ => _history.Any(m => m.Id == id));

    public void Amend(string id, Func<StoredMessage, StoredMessage> change) => Change(() =>
    {
        var at = _history.FindIndex(m => m.Id == id);
        if (at >= 0) _history[at] = change(_history[at]);
    });

    public void Attempted(SendAttempt attempt, string type) => Change(() =>
    {
        _attempts.Add(attempt);
        if (attempt.Outcome != "OK") return;
        var known = _sent.GetValueOrDefault(attempt.Id);
        var first = known ?? new SentMessage(attempt.Id, attempt.ChatId, type, attempt.Text, clock.GetUtcNow(), 0);
        _sent[attempt.Id] = first with { Calls = first.Calls + (attempt.Again ? 0 : 1) };
    });

    /// <summary>Answers a page's question over its event stream.</summary>
    public void Answer(string device, string question) => Change(() =>
    {
        Pings++;
        _devices.GetValueOrDefault(device)?.Queue("pong", new() { ["id"] = question });
    });

    public int Pings { get; private set; }

    public void Typing(string chat) => Change(() => _typed.Add(chat));

    public bool HasTyped(string chat) => Read(_ => _typed.Contains(chat));

    public void Unlink(Device device) => Change(() =>
    {
        device.Forget();
        device.Follows = device.ShowsChats = false;
    });

    private IEnumerable<Device> Followers(string? except) => _devices.Values.Where(d => d.Follows && d.Id != except);

    private static JsonObject Deliver(StoredMessage message, Delivery how, bool old) => new()
    {
        ["message"] = JsonSerializer.SerializeToNode(message, Json),
        ["history"] = old,
        ["events"] = how.Events,
        ["delay"] = how.DelayMs,
        ["sealedFor"] = how.SealedForMs,
    };
}
