using Sak.Agent.WhatsApp;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>A message as WhatsApp itself knows it, whatever happens to the shop's PC.</summary>
internal sealed class WorldMessage(string id, string chat, string phone, string name, bool fromMe, string type,
    string text, DateTimeOffset at)
{
    public string Id => id;

    public string Chat => chat;

    public string Phone { get; set; } = phone;

    public bool FromMe => fromMe;

    public string Type { get; set; } = type;

    public string Text { get; set; } = text;

    public DateTimeOffset At => at;

    /// <summary>True while the PC has the message but can't decrypt it.</summary>
    public bool Sealed { get; set; }

    /// <summary>When the page stored it; null while it waits on WhatsApp's server.</summary>
    public DateTimeOffset? Arrived { get; set; }

    public WhatsAppAck Ack { get; set; } = WhatsAppAck.Sent;

    public WhatsAppMessage AsMessage(long row) =>
        new(id, chat, Phone, fromMe ? "" : name, fromMe, Sealed ? "ciphertext" : Type, Sealed ? "" : Text,
            DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds()), row);
}

/// <param name="Calls">How often the shop's browser sent this id; WhatsApp itself shows a customer an id once.</param>
internal sealed record Delivered(string Id, string Chat, string Text, DateTimeOffset At, int Calls);

/// <summary>
/// WhatsApp's side of the simulation: its server, the phones, and the store of the browser's profile on the shop's PC.
/// It continues whatever happens to the agent. Faults strike by chance and are counted.
/// </summary>
internal sealed class World(VirtualTime clock, Random chance)
{
    private readonly List<WorldMessage> _written = [];
    private readonly Dictionary<string, Delivered> _delivered = [];
    private int _made;

    public VirtualTime Clock => clock;

    public Random Chance => chance;

    /// <summary>False in the calm phase at the campaign's end.</summary>
    public bool Rough { get; set; } = true;

    public SortedDictionary<string, int> Fired { get; } = [];

    public IReadOnlyList<WorldMessage> All => _written;

    public IReadOnlyCollection<Delivered> ToCustomers => _delivered.Values;

    /// <summary>
    /// The profile's store: the position is the row's number minus one. Null is a row that nobody wrote.
    /// </summary>
    public List<WorldMessage?> Store { get; private set; } = [];

    public SimulatedPage? Open { get; private set; }

    /// <summary>Raised when a customer receives a message.</summary>
    public event Action<Delivered>? Heard;

    /// <summary>True with this probability while faults are on; counts it.</summary>
    public bool Strikes(string fault, double probability)
    {
        if (!Rough || chance.NextDouble() >= probability) return false;
        Count(fault);
        return true;
    }

    public void Count(string fault) => Fired[fault] = Fired.GetValueOrDefault(fault) + 1;

    public WorldMessage Writes(string chat, string phone, string name, string type, string text, bool fromMe = false)
    {
        var id = $"{(fromMe ? "true" : "false")}_{chat}_3A{++_made:D8}";
        var message = new WorldMessage(id, chat, phone, name, fromMe, type, text, clock.GetUtcNow());
        _written.Add(message);
        if (!fromMe && Strikes("sealed first", 0.06)) Seal(message);
        Carry(message);
        return message;
    }

    public void Edits(WorldMessage message, string text)
    {
        message.Text = text;
        if (message.Arrived is not null) Tell(new WhatsAppEvent.Edited(message.Id, text), "edit");
    }

    public void Revokes(WorldMessage message)
    {
        (message.Type, message.Text) = ("revoked", "");
        if (message.Arrived is not null) Tell(new WhatsAppEvent.Revoked(message.Id), "revoke");
    }

    /// <summary>A browser opens on the shop's profile.</summary>
    public SimulatedPage Connect(TimeSpan patience)
    {
        Open?.Die();
        return Open = new SimulatedPage(this, patience);
    }

    public void Closed(SimulatedPage page)
    {
        if (Open == page) Open = null;
    }

    /// <summary>The phone was linked again: the store begins again, with the history under other row numbers.</summary>
    public void LinkAnew()
    {
        Count("linked anew");
        // Messages that the old profile had not sent are lost with it; sent ones are history, whether the old profile
        // had an acknowledgement or not.
        var history = Store.Where(m => m is not null && (m.Ack >= WhatsAppAck.Sent || _delivered.ContainsKey(m.Id)))
            .ToList();
        Store = [.. Enumerable.Repeat<WorldMessage?>(null, chance.Next(3)), .. history];
        foreach (var message in history.Where(m => m!.Ack < WhatsAppAck.Sent)) message!.Ack = WhatsAppAck.Sent;
        Open?.Say(new WhatsAppEvent.StateChanged(WhatsAppState.LoggedOut, "The simulation links the phone anew."));
        Open?.Die("The page reloads after the login");
    }

    /// <summary>Delivers what waited on the server while no page was connected.</summary>
    public void Drain()
    {
        foreach (var message in _written.Where(m => m.Arrived is null).ToList()) Arrive(message);
        Open?.Say(new WhatsAppEvent.CatchUpDue("offline messages were delivered"));
    }

    /// <summary>The anchor that identifies the store: a row at or before this one.</summary>
    public string Anchor(long row)
    {
        for (var i = (int)row; i > 0; i--)
            if (Store[i - 1] is { } message) return $"{i} {message.Id}";
        return "";
    }

    public bool IsAt(WhatsAppPlace place)
    {
        if (place.Anchor.Length == 0) return place.Row <= Store.Count;
        var (row, id) = (int.Parse(place.Anchor.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture),
            place.Anchor.Split(' ')[1]);
        return row <= Store.Count && Store[row - 1]?.Id == id;
    }

    public WorldMessage? Find(string id) => _written.Find(m => m.Id == id);

    /// <summary>The page sends a message of the shop to WhatsApp.</summary>
    /// <param name="again">The page itself repeats a message without an acknowledgement.</param>
    public void Deliver(WorldMessage message, bool again)
    {
        if (_delivered.TryGetValue(message.Id, out var known))
        {
            if (!again) _delivered[message.Id] = known with { Calls = known.Calls + 1 };
            return;
        }

        var heard = _delivered[message.Id] = new Delivered(message.Id, message.Chat, message.Text, clock.GetUtcNow(),
            1);
        clock.After(TimeSpan.FromSeconds(1), () => Heard?.Invoke(heard));
    }

    public WorldMessage PutOwn(string id, string chat, string text)
    {
        var message = new WorldMessage(id, chat, "", "", true, "chat", text, clock.GetUtcNow())
        {
            Ack = WhatsAppAck.Pending,
            Arrived = clock.GetUtcNow(),
        };
        _written.Add(message);
        Store.Add(message);
        Open?.Say(new WhatsAppEvent.Received(message.AsMessage(Store.Count)));
        return message;
    }

    public void Tell(WhatsAppEvent what, string kind)
    {
        if (Strikes($"{kind} event dropped", kind is "edit" or "revoke" ? 0.2 : 0.08)) return;
        if (Strikes($"{kind} event late", kind is "edit" or "revoke" ? 0.2 : 0.08))
        {
            clock.After(TimeSpan.FromSeconds(chance.Next(1, 90)), () => Open?.Say(what));
            return;
        }

        Open?.Say(what);
        if (Strikes($"{kind} event twice", 0.08)) Open?.Say(what);
    }

    private void Seal(WorldMessage message)
    {
        message.Sealed = true;
        // Most can be read within seconds, some after the agent has given up on them, a few never.
        if (Strikes("sealed for ever", 0.1)) return;
        var wait = TimeSpan.FromSeconds(Strikes("sealed for long", 0.2) ? chance.Next(150, 600) : chance.Next(1, 20));
        clock.After(wait, () =>
        {
            message.Sealed = false;
            if (message.Arrived is not null) TellOf(message);
        });
    }

    private void Carry(WorldMessage message)
    {
        var wait = TimeSpan.FromMilliseconds(chance.Next(50, 400));
        if (Strikes("out of order", 0.08)) wait = TimeSpan.FromSeconds(chance.Next(1, 30));
        clock.After(wait, () =>
        {
            if (Open is { Online: true, Deaf: false }) Arrive(message);
        });
    }

    private void Arrive(WorldMessage message)
    {
        if (message.Arrived is not null) return;
        message.Arrived = clock.GetUtcNow();
        if (chance.Next(20) == 0) Store.Add(null);
        Store.Add(message);
        if (!message.Sealed) TellOf(message);
    }

    private void TellOf(WorldMessage message) =>
        Tell(new WhatsAppEvent.Received(message.AsMessage(0)), message.FromMe ? "own message" : "message");
}
