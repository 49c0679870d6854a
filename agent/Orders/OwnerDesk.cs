using System.Globalization;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <param name="Says">One sentence for the owner.</param>
public sealed record DeskAnswer(bool Done, string Says);

/// <summary>
/// What the owner does with a chat: takes it, gives it back, and decides on the draft, the order that was being agreed
/// while he was in charge. The draft is the chat's open basket, so it can become one order only: by his hand or by the
/// customer's later yes, whichever comes first, in the transaction that empties it. Works beside a running agent.
/// </summary>
public sealed class OwnerDesk(ReplicaDb db, IReplier reader, TakingRules rules, TimeProvider clock)
{
    private static readonly HashSet<IntentKind> Corrections = [IntentKind.Add, IntentKind.Set, IntentKind.Remove,
        IntentKind.Clear, IntentKind.Ask];

    /// <summary>When answers may leave; the owner's own words keep to it too.</summary>
    public Pace? Pace { get; init; }

    private sealed record Draft(string Chat, Guid Customer, string Name, string Language, BasketState Basket);

    /// <summary>SAK is quiet in this chat for the set time; what waits to be sent there is kept back.</summary>
    public Task<DeskAnswer> TakeAsync(string chat, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            Take(connection, chat);
            return new DeskAnswer(true,
                $"You are in charge of the chat with {Customers.OfChat(connection, chat)} for "
                    + $"{rules.OwnerKeepsChat.TotalMinutes:0} minutes.");
        },
        cancel);

    /// <summary>
    /// The owner's own words go the way of all answers, once and in order, and the chat is his as if he had written on
    /// the phone.
    /// </summary>
    public Task<DeskAnswer> WriteAsync(string chat, string words, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            var name = Customers.OfChat(connection, chat);
            if (Conversations.HasStopped(connection, chat))
                return new DeskAnswer(false, $"{name} wants no messages; what must be said, say by phone.");
            if (!Conversations.WroteFirst(connection, chat))
                return new DeskAnswer(false, $"{name} has not written to the shop; SAK writes only to those who did.");
            if (LeaseState.Read(connection) is { Holder.Length: > 0 } other)
                return new DeskAnswer(false,
                    $"{other.HolderName} answers for the shop: write there, or move here with sak-agent take-over.");
            Take(connection, chat);
            var turn = OpenTurn(connection, chat, Customers.IdOfChat(connection, chat));
            Outbox.Queue(connection, turn.Id, chat, words.Trim(), clock.GetUtcNow());
            return new DeskAnswer(true,
                $"{(InTheMorning() is { Length: > 0 } at ? $"It goes to {name}{at}" : $"On its way to {name}")}; you are in charge for {rules.OwnerKeepsChat.TotalMinutes:0} minutes.");
        },
        cancel);

    public Task<DeskAnswer> GiveBackAsync(string chat, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            connection.Execute(
                "UPDATE chats SET owner_until = 0, taken_at = 0, resumed_at = max(resumed_at, $now) WHERE id = $chat",
                ("$chat", chat), ("$now", clock.GetUtcNow()));
            return new DeskAnswer(true, $"SAK answers {Customers.OfChat(connection, chat)} again.");
        },
        cancel);

    /// <summary>Makes the draft an order at today's prices and tells the customer its number and total.</summary>
    /// <param name="number">"D-3" or "3".</param>
    public Task<DeskAnswer> ConfirmAsync(string number, CancellationToken cancel) => db.WriteAsync(
        connection => Find(connection, number) is { } draft ? Place(connection, draft) : Gone(number), cancel);

    public Task<DeskAnswer> DropAsync(string number, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            if (Find(connection, number) is not { } draft) return Gone(number);
            OrderBook.SaveBasket(connection, draft.Chat, BasketState.Empty);
            return new DeskAnswer(true, $"The draft of {draft.Name} is dropped.");
        },
        cancel);

    /// <summary>Changes the draft by words, as a customer would say it: "3 oil, no salt".</summary>
    public async Task<DeskAnswer> CorrectAsync(string number, string words, CancellationToken cancel)
    {
        if (await db.ReadAsync(c => Find(c, number), cancel) is not { } draft) return Gone(number);
        var heard = await reader.ReplyAsync(
            new ProcessMessageRequest(
                Protocol.Version, Guid.NewGuid(), [new TurnMessage("owner", words, clock.GetUtcNow())], [],
                draft.Basket, [], draft.Language, new Dictionary<string, string>(), 0),
            cancel);
        var changes = heard.Intents.Where(i => Corrections.Contains(i.Kind)).ToList();
        return await db.WriteAsync(connection => Correct(connection, number, draft, changes), cancel);
    }

    /// <summary>Drafts as the owner reads them: number, customer, what, total now.</summary>
    public Task<List<(string Number, string Customer, string What, string Total)>> DraftsAsync(
        CancellationToken cancel) => db.ReadAsync(
        connection => connection.List("SELECT draft FROM chats WHERE draft > 0 ORDER BY draft", row => row.GetInt64(0))
            .ConvertAll(n =>
        {
            var draft = Find(connection, $"{n}")!;
            return (OrderBook.DraftNumber(n), draft.Name, OrderBook.Words(draft.Basket),
                Priced(connection, draft).Basket.Total.ToString());
        }),
        cancel);

    private DeskAnswer Correct(SqliteConnection connection, string number, Draft before, List<Intent> changes)
    {
        if (Find(connection, number) is not { } draft) return Gone(number);
        if (OrderBook.Text(draft.Basket) != OrderBook.Text(before.Basket))
            return new DeskAnswer(false, "The customer has just changed the order; look again.");
        var change = Basket.Apply(draft.Basket, changes,
            Products.BySku(connection, Basket.Skus(draft.Basket, changes)));
        if (change.State.Open.Count > 0)
            return new DeskAnswer(false,
                $"\"{change.State.Open[0].Words}\" is not clear: name one product of the catalog with its quantity.");
        if (!change.Changed)
            return new DeskAnswer(false, "That changes nothing. Write it as a customer would: 3 oil, no salt.");
        OrderBook.SaveBasket(connection, draft.Chat,
            change.State.Lines.Count == 0 ? BasketState.Empty : change.State with { ShownGross = 0 });
        return new DeskAnswer(true,
            change.State.Lines.Count == 0
                ? "The draft is empty and dropped."
                : $"The draft of {draft.Name}: {OrderBook.Words(change.State)}.");
    }

    private DeskAnswer Place(SqliteConnection connection, Draft draft)
    {
        var (priced, products) = Priced(connection, draft);
        if (priced.Lines.Count < draft.Basket.Lines.Count)
            return new DeskAnswer(false, "Something in this draft is not for sale any more: correct it first.");
        var turn = OpenTurn(connection, draft.Chat, draft.Customer);
        var order = OrderBook.Place(connection, priced, turn, rules.OrderSeries,
            connection.Scalar<long>("SELECT since FROM replica"), clock);
        OrderBook.SaveBasket(connection, draft.Chat, BasketState.Empty);
        connection.Execute("UPDATE turns SET note = $number WHERE id = $id", ("$number", order.Number),
            ("$id", turn.Id));
        if (Conversations.HasStopped(connection, draft.Chat))
            return new DeskAnswer(true,
                $"Order {order.Number}, {priced.Total}. {draft.Name} wants no messages: tell it yourself.");
        var yes = new BasketChange(BasketState.Empty, Changed: false, Confirmed: true, Cancelled: false);
        var reply = new Reply("", [new Intent(IntentKind.Confirm)], draft.Language, Reply.ByReader);
        Outbox.Queue(connection, turn.Id, draft.Chat,
            ReplyText.Compose(new ReplyFacts(rules.Shop, reply, yes, priced, products, order, order, [])),
            clock.GetUtcNow());
        return new DeskAnswer(true, $"Order {order.Number}, {priced.Total}; {draft.Name} is told{InTheMorning()}.");
    }

    private string InTheMorning() =>
        Pace?.Closed(clock.GetUtcNow(), clock.LocalTimeZone) is { Ticks: > 0 } wait
            ? string.Create(CultureInfo.InvariantCulture,
                $" at {clock.GetLocalNow() + wait:HH:mm}, after the quiet hours")
            : "";

    private void Take(SqliteConnection connection, string chat)
    {
        var now = clock.GetUtcNow();
        connection.Execute(
            "UPDATE chats SET owner_until = max(owner_until, $until), taken_at = $now WHERE id = $chat",
            ("$chat", chat), ("$until", (now + rules.OwnerKeepsChat)),
            ("$now", now));
    }

    // The owner's word is a turn of its own: it makes one order at most, as every turn does.
    private Turn OpenTurn(SqliteConnection connection, string chat, Guid customer)
    {
        var (id, now) = (Sak.Sync.Model.Ids.New(clock), clock.GetUtcNow().ToUnixTimeMilliseconds());
        connection.Execute(
            "INSERT INTO turns (id, chat_id, state, opened_at, closed_at, replied_by) VALUES ($id, $chat, 'owner', "
                + "$now, $now, 'owner')",
            ("$id", id), ("$chat", chat), ("$now", now));
        return new Turn(id, chat, customer, []);
    }

    // By his rules too: an order by the owner's hand costs what the customer's own yes would have made it.
    private (PricedBasket Basket, Dictionary<string, Product> Products) Priced(SqliteConnection connection, Draft draft)
    {
        var (products, now) = (Products.BySku(connection, draft.Basket.Lines.Select(l => l.Sku)), clock.GetUtcNow());
        var own = PriceRuleRows.For(connection, rules.Shop.Rules, draft.Customer, [.. products.Keys], now);
        return (Prices.Price(draft.Basket.Lines, products, own, new PriceMoment(draft.Customer, now)), products);
    }

    private static Draft? Find(SqliteConnection connection, string number) =>
        OrderBook.ReadDraftNumber(number) is not { } draft
            ? null
            : connection.List(
                "SELECT h.id, c.id, c.language FROM chats h JOIN customers c ON c.id = h.customer_id WHERE h.draft = "
                    + "$draft",
                row => new Draft(
                    row.GetString(0), row.Id(1), Customers.Name(connection, row.Id(1)),
                    row.GetString(2) is { Length: > 0 } language ? language : "en",
                    OrderBook.Basket(connection, row.GetString(0))),
                ("$draft", draft)).SingleOrDefault();

    private static DeskAnswer Gone(string number) =>
        new(false, $"There is no draft {number} (any more). See: sak-agent orders");
}
