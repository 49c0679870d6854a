using Sak.Tools.Demo;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>
/// The campaign with only WhatsApp itself replaced: the agent as a process, Chromium, the real bundle. One shop plays
/// all seeds. Each seed has its own customers, faults, moment of a SIGKILL, restart on the same files, calm phase, and
/// audit against the site's record of what customers wrote and received.
/// </summary>
public sealed class BrowserCampaign : IAsyncDisposable
{
    private const string Shop = "Campaign Stores";
    private const int Customers = 3;

    /// <summary>
    /// Every kind of fault; a run of twenty seeds in which one of them never struck proves too little.
    /// </summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["ack late", "deaf page", "edit", "event dropped", "event late", "event twice", "failed send", "group post",
            "killed", "lost ack", "refused send", "revoke", "sealed first", "stall", "written while dead"];

    private static readonly string[] Texts = ["2 sugar", "3 salt", "yes", "yes", "5 ctn oil", "hello", "and 4 milk",
        "cancel my order"];
    private readonly DemoWorld _world;
    private readonly List<string> _found = [];
    private readonly SortedDictionary<string, int> _fired = new(StringComparer.Ordinal);
    private readonly List<string> _written = [];

    private BrowserCampaign(DemoWorld world) => _world = world;

    public IReadOnlyDictionary<string, int> Fired => _fired;

    public IReadOnlyList<string> Found => _found;

    public int Written => _written.Count;

    public long Orders => _world.Count("SELECT count(*) FROM orders");

    /// <summary>Opens the shop and links its phone.</summary>
    public static async Task<BrowserCampaign> OpenAsync(string folder, CancellationToken cancel)
    {
        var world = await DemoWorld.OpenAsync(folder, "sqlite", "", cancel);
        (world.AgentSettings["SAK_Send__PerMinute"], world.AgentSettings["SAK_Turns__QuietSeconds"]) = ("1000", "0.4");
        await world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, cancel);
        world.StartAgent(Shop, "INR");
        await world.LinkPhoneAsync(cancel);
        await world.SaysAsync("WhatsApp: connected", cancel);
        // A login that is seconds old is not on the disk yet, in this browser and in a real one.
        await world.EndAgentAsync();
        world.StartAgent(Shop, "INR");
        await world.SaysAsync("WhatsApp: connected", cancel);
        return new BrowserCampaign(world);
    }

    public async Task PlayAsync(int seed, CancellationToken cancel)
    {
        var chance = new Random(seed);
        // A basket to confirm: the order itself is then made during the faults.
        var (asha, mine) = ($"9198{seed:00000}000", new List<string>());
        mine.Add(await _world.Site.CustomerWritesAsync(asha, "", "2 sugar and 3 salt", cancel: cancel));
        await _world.CapturedAsync(mine[0], cancel);
        await _world.AnsweredAsync(cancel);
        Break(chance);
        mine.Add(await _world.Site.CustomerWritesAsync(asha, "", "yes", cancel: cancel));
        for (var i = 0; i < 5; i++) mine.Add(await WriteAsync(chance, seed, cancel));
        if (chance.Next(3) == 0) await AmendAsync(chance, mine[^1], cancel);
        await HurtAsync(chance, cancel);
        await Task.Delay(chance.Next(0, 1500), cancel); // The moment of the kill is the point, whatever happens then.
        await _world.KillAgentAsync();
        Count("killed");
        Calm();
        for (var i = 0; i < 2; i++) mine.Add(await WriteAsync(chance, seed, cancel, Delivery.Normal));
        Count("written while dead");
        _world.StartAgent(Shop, "INR");
        foreach (var id in mine) await _world.CapturedAsync(id, cancel);
        await _world.AnsweredAsync(cancel);
        _written.AddRange(mine);
        Audit(seed, mine);
    }

    /// <summary>The totals at the end: messages captured, replies and sends, and the agent's own comparison.</summary>
    public async Task EndAsync(CancellationToken cancel)
    {
        await _world.EndAgentAsync();
        Expect(_world.Site.Doubled.All(
            d => _world.Count($"SELECT count(*) FROM outbox WHERE message_id = '{d.Id}'") == 1),
            "a message reached a customer under an id that is in no outbox");
        var queued = _world.Rows("SELECT message_id FROM outbox WHERE state = 'sent'", r => r.GetString(0));
        Expect(queued.Order().SequenceEqual(_world.Site.Sent.Select(s => s.Id).Order()),
            "what counts as sent is not what customers have");
        var (code, output) = await _world.RunAgentAsync(Shop, "INR", cancel, "verify");
        Expect(code == 0 && output.Contains("They agree.", StringComparison.Ordinal),
            $"verify says otherwise:\n{output}");
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private void Break(Random chance)
    {
        var faults = _world.Site.Faults;
        if (chance.Next(2) == 0) faults.LoseAcks = 1;
        if (chance.Next(2) == 0) faults.FailSends = 1;
        if (chance.Next(3) == 0)
            (faults.AckDelay, _) = (TimeSpan.FromMilliseconds(chance.Next(200, 900)), Count("ack late"));
    }

    private void Calm()
    {
        var faults = _world.Site.Faults;
        foreach (var (name, left) in new[] { ("lost ack", faults.LoseAcks), ("failed send", faults.FailSends) })
            if (left == 0 && faults.Fired.GetValueOrDefault(name) > _fired.GetValueOrDefault(name))
                _fired[name] = faults.Fired[name];
        (faults.LoseAcks, faults.FailSends, faults.AckDelay) = (0, 0, TimeSpan.Zero);
    }

    private async Task<string> WriteAsync(Random chance, int seed, CancellationToken cancel, Delivery? given = null)
    {
        var (kind, how) = given is not null ? ("", given) : chance.Next(8) switch
        {
            0 => ("event dropped", Delivery.Silent),
            1 => ("event twice", Delivery.Twice),
            2 => ("event late", new Delivery(DelayMs: chance.Next(100, 1200))),
            3 => ("sealed first", Delivery.SealedFor(TimeSpan.FromMilliseconds(chance.Next(100, 900)))),
            _ => ("", Delivery.Normal),
        };
        if (kind.Length > 0) Count(kind);
        var phone = $"9198{seed:00000}{1 + chance.Next(Customers):000}";
        if (chance.Next(12) == 0)
        {
            Count("group post");
            await _world.Site.CustomerWritesAsync(
                new CustomerMessage(phone, "", "100 ctn oil") { Into = "120363000000000001@g.us" }, cancel: cancel);
        }

        var id = await _world.Site.CustomerWritesAsync(phone, "", Texts[chance.Next(Texts.Length)], how, cancel);
        await Task.Delay(chance.Next(0, 200), cancel);
        return id;
    }

    private async Task AmendAsync(Random chance, string id, CancellationToken cancel)
    {
        if (chance.Next(2) == 0) await _world.Site.EditAsync(id, "7 milk", cancel);
        else await _world.Site.RevokeAsync(id, cancel);
        Count(_world.Site.IsRevoked(id) ? "revoke" : "edit");
    }

    private async Task HurtAsync(Random chance, CancellationToken cancel)
    {
        switch (chance.Next(5))
        {
            case 0:
                Count("stall");
                _world.Site.Stall(true);
                await Task.Delay(chance.Next(200, 1000), cancel);
                _world.Site.Stall(false);
                break;
            case 1:
                Count("deaf page");
                await _world.Site.HangUpAsync(cancel);
                break;
            case 2:
                Count("refused send");
                await _world.Site.RefuseSendsAsync(1, cancel);
                break;
        }
    }

    private void Audit(int seed, List<string> mine)
    {
        var captured = _world.Rows("SELECT id FROM messages WHERE from_me = 0", r => r.GetString(0)).ToLookup(id => id);
        foreach (var id in mine)
            Expect(captured[id].Count() == 1, $"seed {seed}: {id} was captured {captured[id].Count()} times");
        var queued = _world.Rows(
            "SELECT b.message_id, b.text, b.state, coalesce(o.number, '') FROM outbox b LEFT JOIN orders o ON "
                + "o.turn_id = b.turn_id",
            r => (Id: r.GetString(0), Text: r.GetString(1), State: r.GetString(2), Order: r.GetString(3)));
        var sent = _world.Site.Sent.ToLookup(s => s.Id);
        foreach (var reply in queued)
        {
            Expect(reply.State == "sent", $"seed {seed}: {reply.Id} is {reply.State}");
            Expect(sent[reply.Id].Count() == 1 && sent[reply.Id].Single().Text == reply.Text,
                $"seed {seed}: {reply.Id} did not reach the customer once with its words");
            Expect(reply.Order.Length == 0 || reply.Text.Contains(reply.Order, StringComparison.Ordinal),
                $"seed {seed}: order {reply.Order} was not told");
        }

        foreach (var number in _world.Rows("SELECT number FROM orders", r => r.GetString(0)))
            Expect(queued.Count(q => q.Order == number) == 1,
                $"seed {seed}: order {number} was told {queued.Count(q => q.Order == number)} times");
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds) _found.Add(otherwise);
    }

    private int Count(string kind) => _fired[kind] = _fired.GetValueOrDefault(kind) + 1;
}
