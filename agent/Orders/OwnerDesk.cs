using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <param name="Says">One sentence for the owner.</param>
public sealed record DeskAnswer(bool Done, string Says);

/// <summary>
/// What the owner does with a chat: takes it, gives it back, writes in it, and decides on the draft, the order that was
/// being agreed while the owner answered. The draft is the chat's open basket, so it can become one order only: by the
/// owner's decision or by the customer's later "yes", whichever comes first, in the transaction that empties the
/// basket. Works beside a running agent.
/// </summary>
public sealed class OwnerDesk(ReplicaDb db, OfflineReplier reader, TakingRules rules, Pace pace, TimeProvider clock)
{
    private static readonly HashSet<IntentKind> Corrections = [IntentKind.Add, IntentKind.Set, IntentKind.Remove,
        IntentKind.Clear, IntentKind.Ask];

    private readonly ReplyWriter _writer = new(clock, NullLogger.Instance);

    private sealed record OpenDraft(string Chat, Guid Customer, string Name, string Language, BasketState Basket);

    /// <summary>SAK is quiet in this chat for the set time; what waits to be sent there is kept back.</summary>
    public Task<DeskAnswer> TakeAsync(string chat, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            Take(connection, chat);
            return new DeskAnswer(true,
                $"You are in charge of the chat with {ChatBook.CustomerName(connection, chat)} for "
                    + $"{rules.Turns.OwnerMinutes:0} minutes.");
        },
        cancel);

    /// <summary>
    /// The owner's own words are sent as every reply is, once and in order, and the owner has the chat as after writing
    /// on the phone.
    /// </summary>
    public Task<DeskAnswer> WriteAsync(string chat, string words, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            var name = ChatBook.CustomerName(connection, chat);
            if (ChatBook.HasStopped(connection, chat))
                return new DeskAnswer(false, $"{name} wants no messages; what must be said, say by phone.");
            if (!Messages.CustomerWrote(connection, chat))
                return new DeskAnswer(false, $"{name} has not written to the shop; SAK writes only to those who did.");
            if (LeaseState.Read(connection) is { Holder.Length: > 0 } other)
                return new DeskAnswer(false,
                    $"{other.HolderName} answers for the shop: write there, or move here with sak-agent take-over.");
            Take(connection, chat);
            var turn = Turns.OfOwner(connection, chat, ChatBook.CustomerOf(connection, chat), clock);
            Outbox.Queue(connection, turn, words.Trim(), clock.GetUtcNow());
            var goes = InTheMorning() is { Length: > 0 } at ? $"It goes to {name}{at}" : $"On its way to {name}";
            return new DeskAnswer(true, $"{goes}; you are in charge for {rules.Turns.OwnerMinutes:0} minutes.");
        },
        cancel);

    public Task<DeskAnswer> GiveBackAsync(string chat, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            ChatBook.GiveBack(connection, chat, clock.GetUtcNow());
            return new DeskAnswer(true, $"SAK answers {ChatBook.CustomerName(connection, chat)} again.");
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
            ChatBook.SaveBasket(connection, draft.Chat, BasketState.Empty);
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
                draft.Basket, [], draft.Language, new Dictionary<string, string>(), 0)
                { QuantityMissing = rules.QuantityMissing },
            cancel);
        var changes = heard.Intents.Where(i => Corrections.Contains(i.Kind)).ToList();
        return await db.WriteAsync(connection => Correct(connection, number, draft, changes), cancel);
    }

    /// <summary>Drafts as the owner reads them: number, customer, what, total now.</summary>
    public Task<List<(string Number, string Customer, string What, string Total)>> DraftsAsync(
        CancellationToken cancel) => db.ReadAsync(
        connection => ChatBook.Drafts(connection).ConvertAll(number =>
        {
            var draft = Read(connection, ChatBook.WithDraft(connection, number)!);
            return (Drafts.Number(number), draft.Name, Drafts.Words(draft.Basket),
                Priced(connection, draft).Basket.Total.ToString());
        }),
        cancel);

    private DeskAnswer Correct(SqliteConnection connection, string number, OpenDraft before, List<Intent> changes)
    {
        if (Find(connection, number) is not { } draft) return Gone(number);
        if (!Drafts.AreSame(draft.Basket, before.Basket))
            return new DeskAnswer(false, "The customer has just changed the order; look again.");
        var change = Basket.Apply(draft.Basket, changes,
            Products.BySku(connection, Basket.Skus(draft.Basket, changes)));
        if (change.State.Open.Count > 0)
            return new DeskAnswer(false,
                $"\"{change.State.Open[0].Words}\" is not clear: name one product of the catalog with its quantity.");
        if (!change.Changed)
            return new DeskAnswer(false, "That changes nothing. Write it as a customer would: 3 oil, no salt.");
        ChatBook.SaveBasket(connection, draft.Chat, Drafts.Kept(change.State));
        return new DeskAnswer(true,
            change.State.Lines.Count == 0
                ? "The draft is empty and dropped."
                : $"The draft of {draft.Name}: {Drafts.Words(change.State)}.");
    }

    private DeskAnswer Place(SqliteConnection connection, OpenDraft draft)
    {
        var (priced, products) = Priced(connection, draft);
        if (priced.Lines.Count < draft.Basket.Lines.Count)
            return new DeskAnswer(false, "Something in this draft is not for sale any more: correct it first.");
        var turn = Turns.OfOwner(connection, draft.Chat, draft.Customer, clock);
        var order = OrderBook.Place(connection, priced, turn, rules.OrderSeries, SyncQuery.PriceVersion(connection),
            clock);
        ChatBook.SaveBasket(connection, draft.Chat, BasketState.Empty);
        Turns.Note(connection, turn, order.Number);
        if (ChatBook.HasStopped(connection, draft.Chat))
            return new DeskAnswer(true,
                $"Order {order.Number}, {priced.Total}. {draft.Name} wants no messages: tell it yourself.");
        var yes = new BasketChange(BasketState.Empty, Changed: false, Confirmed: true, Cancelled: false);
        var reply = new Reply("", [new Intent(IntentKind.Confirm)], draft.Language, Reply.ByReader);
        var facts = new ReplyFacts(rules.Shop, reply, yes, priced, products, order, order, []);
        var text = _writer.Write(connection, facts, draft.Customer);
        Outbox.Queue(connection, turn, text, clock.GetUtcNow());
        return new DeskAnswer(true, $"Order {order.Number}, {priced.Total}; "
            + (text == ReplyText.ByAPerson(facts)
                ? $"{draft.Name} is told only that a person will write: tell number and total yourself."
                : $"{draft.Name} is told{InTheMorning()}."));
    }

    private string InTheMorning() =>
        pace.Closed(clock.GetUtcNow(), clock.LocalTimeZone) is { Ticks: > 0 } wait
            ? string.Create(CultureInfo.InvariantCulture,
                $" at {clock.GetLocalNow() + wait:HH:mm}, after the quiet hours")
            : "";

    private void Take(SqliteConnection connection, string chat) =>
        ChatBook.Take(connection, chat, clock.GetUtcNow(), rules.Turns.OwnerKeeps);

    // With the customer's own prices: the owner's decision costs what the customer's "yes" would have cost.
    private (PricedBasket Basket, Dictionary<string, Product> Products) Priced(SqliteConnection connection,
        OpenDraft draft)
    {
        var (products, now) = (Products.BySku(connection, draft.Basket.Lines.Select(l => l.Sku)), clock.GetUtcNow());
        var own = PriceRuleRows.For(connection, rules.Shop.Rules, draft.Customer, [.. products.Keys], now);
        return (Prices.Price(draft.Basket.Lines, products, own, new PriceMoment(draft.Customer, now)), products);
    }

    private static OpenDraft? Find(SqliteConnection connection, string number) =>
        Drafts.ReadNumber(number) is { } draft && ChatBook.WithDraft(connection, draft) is { } chat
            ? Read(connection, chat)
            : null;

    private static OpenDraft Read(SqliteConnection connection, string chat)
    {
        var customer = Customers.Get(connection, ChatBook.CustomerOf(connection, chat))!;
        return new OpenDraft(chat, customer.Id, Customers.Name(connection, customer.Id),
            customer.Language.Length > 0 ? customer.Language : "en", ChatBook.Basket(connection, chat));
    }

    private static DeskAnswer Gone(string number) =>
        new(false, $"There is no draft {number} (any more). See: sak-agent orders");
}
