using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Message;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <param name="LateAfter">An answer to an older message owes an apology.</param>
/// <param name="TooOld">A turn whose newest message is older is left to the owner: nobody wants an answer out of the
/// blue.</param>
/// <param name="OwnerKeepsChat">How long SAK stays quiet in a chat after the owner, or for him.</param>
public sealed record TakingRules(ShopFacts Shop, string OrderSeries, TimeSpan LateAfter, TimeSpan TooOld,
    TimeSpan OwnerKeepsChat);

/// <summary>
/// The story of one turn: gather what is known, ask what the customer wants (the cloud, or the reader on this PC), then
/// in one transaction record the order, queue the reply and close the turn. Die anywhere and do it again: before that
/// transaction nothing happened, after it everything did.
/// </summary>
public sealed class TakeOrder(ReplicaDb db, Conversations conversations, IReplier? cloud, IReplier offline,
    TakingRules rules, TimeProvider clock, ILogger<TakeOrder> log)
{
    private const int MostAlike = 12;
    private static readonly TimeSpan Alike = TimeSpan.FromMinutes(10);

    private enum Charge { Sak, OwnerAnswers, OwnerSees, Stopped, Elsewhere }

    public async Task HandleAsync(Turn turn, CancellationToken cancel)
    {
        var (charge, question, isAhead) = await GatherAsync(turn, cancel);
        var wants = await WantsMessagesAsync(question, cancel);
        if (charge == Charge.OwnerAnswers)
        {
            // He talks to the customer; SAK reads along and keeps the order that is being agreed as a draft.
            var heard = await offline.ReplyAsync(question, cancel);
            await db.WriteAsync(connection => RecordDraft(connection, turn, question, heard, wants), cancel);
            return;
        }

        if (charge != Charge.Sak)
        {
            await db.WriteAsync(
                connection =>
                {
                    KeepWish(connection, turn, null, wants);
                    LeaveToOwner(connection, turn, charge);
                },
                cancel);
            return;
        }

        var reply = await AskAsync(question, isAhead, cancel);
        await db.WriteAsync(connection => Record(connection, turn, question, reply, wants), cancel);
    }

    /// <summary>Closes a turn that SAK can't handle and tells the owner.</summary>
    public Task GiveToOwnerAsync(Turn turn, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                Close(connection, turn, "owner", "owner", "");
                // Not read, but a plain word counts all the same.
                if (turn.Messages.LastOrDefault(m => IsStart(m) || StopWords.IsStop(m.Text)) is { } wish)
                    KeepWish(connection, turn, null, IsStart(wish));
                Troubles.Raise(connection, $"SAK could not answer {Customers.Name(connection, turn.CustomerId)}.",
                    "Open the chat in WhatsApp and answer by hand.", clock);
            },
            cancel);

    private async Task<(Charge, ProcessMessageRequest, bool)> GatherAsync(Turn turn, CancellationToken cancel)
    {
        var history = await conversations.HistoryAsync(turn.ChatId, turn.Id, Protocol.MaxPastTurns, cancel);
        return await db.ReadAsync(
            connection =>
            {
                var (language, words) = Customers.Speech(connection, turn.CustomerId);
                var lastOrder = OrderBook.Latest(connection, turn.CustomerId)?.Lines.Select(AsBasketLine).ToList()
                    ?? [];
                return (WhoAnswers(connection, turn), new ProcessMessageRequest(
                    Protocol.Version, turn.Id, turn.Messages, history, OrderBook.Basket(connection, turn.ChatId),
                    lastOrder, language, words, PriceVersion(connection))
                    { Habits = OrderBook.Habits(connection, turn.CustomerId), CustomerId = turn.CustomerId },
                    cloud is not null && IsAhead(connection));
            },
            cancel);
    }

    // His: while he answers this chat, when he has answered these messages already, and what is too old. Nobody's:
    // after "stop", until "start".
    private Charge WhoAnswers(SqliteConnection connection, Turn turn)
    {
        // Its one message was sealed and has been taken up anew with its words.
        if (turn.Messages.Count == 0) return Charge.OwnerSees;
        if (Conversations.HasStopped(connection, turn.ChatId) && !turn.Messages.Any(IsStart)) return Charge.Stopped;
        var newest = turn.Messages.Max(m => m.SentAt);
        if (AnsweredElsewhere.HasAnswered(connection, turn.ChatId, newest)) return Charge.Elsewhere;
        var now = clock.GetUtcNow();
        if (now - newest > rules.TooOld) return Charge.OwnerSees;
        return Conversations.IsOwners(connection, turn.ChatId, now)
            || Conversations.OwnerWroteAfter(connection, turn.ChatId, newest) ? Charge.OwnerAnswers : Charge.Sak;
    }

    private static bool IsStart(TurnMessage message) => StopWords.IsStart(message.Text);

    // Looked for in each message by itself, whoever answers the turn: a "stop" must not be lost among other words, nor
    // on a model, nor because the owner or another PC was quicker. The last word counts; null when there is none.
    private async Task<bool?> WantsMessagesAsync(ProcessMessageRequest question, CancellationToken cancel)
    {
        bool? wants = null;
        foreach (var message in question.Messages)
        {
            if (IsStart(message)) wants = true;
            else if (StopWords.MayBeStop(message.Text)
                && await IsStopAsync(question with { Messages = [message], Basket = BasketState.Empty }, cancel))
                wants = false;
        }

        return wants;
    }

    private async Task<bool> IsStopAsync(ProcessMessageRequest alone, CancellationToken cancel) =>
        (await offline.ReplyAsync(alone, cancel)).Intents.Any(i => i.Kind == IntentKinds.Stop);

    // Products or prices that the cloud has not heard of: it would know none of them, or offer what is no longer so.
    private static bool IsAhead(SqliteConnection connection) =>
        connection.Scalar<long>(
            "SELECT EXISTS (SELECT 1 FROM change_log WHERE tbl IN ('products', 'price_rules'))") == 1;

    private async Task<Reply> AskAsync(ProcessMessageRequest question, bool isAhead, CancellationToken cancel)
    {
        // What the cloud takes is bounded; what a customer wrote in an outage is one turn all the same, and read here.
        if (cloud is not null && !isAhead && question.Messages.Count <= Protocol.MaxMessages)
        {
            try
            {
                var reply = await cloud.ReplyAsync(question, cancel);
                // The reader's words are made here, where the order number is; only a model's are its own.
                return reply.By == Reply.ByModel ? reply : reply with { Text = "" };
            }
            catch (Exception error) when (error is CloudUnavailableException or CloudRefusedException)
            {
                log.LogInformation("Answering turn {Turn} from this PC: {Reason}", question.TurnId, error.Message);
            }
        }

        return await offline.ReplyAsync(question, cancel);
    }

    // Transaction 2.
    private bool Record(SqliteConnection connection, Turn turn, ProcessMessageRequest question, Reply reply,
        bool? wants)
    {
        if (!IsOpen(connection, turn, question)) return false;
        var products = Products.BySku(connection, Basket.Skus(question.Basket, reply.Intents));
        var change = Basket.Apply(question.Basket, reply.Intents, products);
        var moment = new PriceMoment(turn.CustomerId, clock.GetUtcNow());
        var shop = rules.Shop
            with { Rules = PriceRuleRows.For(connection, rules.Shop.Rules, turn.CustomerId, [.. products.Keys],
                clock.GetUtcNow()) };
        var priced = Prices.Price(change.State.Lines, products, shop.Rules, moment);

        var order = change.Confirmed && IsAsShown(change, priced)
            ? OrderBook.Place(connection, priced, turn, rules.OrderSeries, question.PriceVersion, clock)
            : null;
        // What a model says about an order that is taken adds nothing to what the order itself says.
        if (order is not null) reply = reply with { Text = "" };
        // A yes to a total that has changed since it was shown is no yes: the new figures are shown.
        if (order is null && change.Confirmed) change = change with { Confirmed = false, Changed = true };

        var facts = new ReplyFacts(shop, reply, change, priced, products, order,
            order ?? OrderBook.Latest(connection, turn.CustomerId), [.. turn.Messages.Select(m => m.Text)], Late(turn),
            question.Words) { Moment = moment };
        var text = Say(connection, facts, turn);
        if (order is null && IsFromAMachine(connection, turn, text)) return LeaveAlone(connection, turn, change);
        OrderBook.SaveBasket(connection, turn.ChatId,
            order is not null ? BasketState.Empty : Shown(change.State, priced));
        Remember(connection, turn, reply, wants);
        LearnedWords.Keep(connection, order, question.Words);
        // After "stop" not even a goodbye.
        if (text.Length > 0 && !Conversations.HasStopped(connection, turn.ChatId))
            Outbox.Queue(connection, turn.Id, turn.ChatId, text, clock.GetUtcNow());
        Close(connection, turn, "done", reply.By, order?.Number ?? "");
        return true;
    }

    // What was agreed while the owner talks: kept for him, never confirmed by SAK. A later yes is shown the figures
    // first.
    private bool RecordDraft(SqliteConnection connection, Turn turn, ProcessMessageRequest question, Reply heard,
        bool? wants)
    {
        if (!IsOpen(connection, turn, question)) return false;
        var change = Basket.Apply(question.Basket, heard.Intents,
            Products.BySku(connection, Basket.Skus(question.Basket, heard.Intents)));
        OrderBook.SaveBasket(connection, turn.ChatId,
            change.State.Lines.Count == 0 ? BasketState.Empty : change.State with { ShownGross = 0 });
        OrderBook.BeginDraft(connection, turn.ChatId);
        KeepWish(connection, turn, heard, wants); // Said to the owner, it holds for SAK all the same.
        Close(connection, turn, "owner", "owner", change.State.Lines.Count > 0 ? "draft" : "");
        return true;
    }

    // Two programs that answer each other would never end. A person does not get one and the same answer, or two in
    // turn, so often in so short a time; an order's answer has its number, a basket's its lines.
    private bool IsFromAMachine(SqliteConnection connection, Turn turn, string text)
    {
        var before = connection.List(
            """
            SELECT text FROM outbox
              WHERE chat_id = $chat AND queued_at > max($since, (SELECT resumed_at FROM chats WHERE id = $chat))
            ORDER BY queued_at DESC LIMIT $most
            """,
            row => row.GetString(0), ("$chat", turn.ChatId),
            ("$since", (clock.GetUtcNow() - Alike)), ("$most", MostAlike - 1));
        return before.Count == MostAlike - 1 && before.Append(text).Distinct().Count() <= 2;
    }

    private bool LeaveAlone(SqliteConnection connection, Turn turn, BasketChange change)
    {
        OrderBook.SaveBasket(connection, turn.ChatId, change.State with { ShownGross = 0 });
        BeQuiet(connection, turn);
        Troubles.Raise(
            connection,
            $"{Customers.Name(connection, turn.CustomerId)} looks like a machine: SAK gave the same answer "
                + $"{MostAlike - 1} times in a few minutes and has stopped.",
            "Look at the chat; the key g gives it back to SAK.", clock);
        Close(connection, turn, "owner", "owner", "like a machine");
        return true;
    }

    private void BeQuiet(SqliteConnection connection, Turn turn) => connection.Execute(
        "UPDATE chats SET owner_until = $until WHERE id = $chat", ("$chat", turn.ChatId),
        ("$until", (clock.GetUtcNow() + rules.OwnerKeepsChat)));

    // Closed already, its chat has become another one (a hidden number was learned), or the owner has decided on the
    // basket that was read: then it is taken up anew from there.
    private static bool IsOpen(SqliteConnection connection, Turn turn, ProcessMessageRequest question) =>
        connection.Scalar<long>("SELECT count(*) FROM turns WHERE id = $id AND state = 'open' AND chat_id = $chat",
            ("$id", turn.Id), ("$chat", turn.ChatId)) == 1
        && OrderBook.Text(OrderBook.Basket(connection, turn.ChatId)) == OrderBook.Text(question.Basket);

    private static bool IsAsShown(BasketChange change, PricedBasket priced) =>
        priced.Lines.Count == change.State.Lines.Count && priced.Gross == change.State.ShownGross;

    private static BasketState Shown(BasketState state, PricedBasket priced) =>
        state with { ShownGross = state.Awaiting == BasketState.Confirmation ? priced.Gross : 0 };

    // A figure that is not ours never leaves, whoever wrote it: a model's text gives way to the template, and a
    // template that fails (which no known message makes it do) to a sentence without a figure. Both are counted, and
    // the owner sees it.
    private string Say(SqliteConnection connection, ReplyFacts facts, Turn turn)
    {
        var text = ReplyText.Compose(facts);
        var verdict = PriceLock.Check(text, facts);
        if (verdict.Passes) return text;
        Locked(connection, verdict, turn);
        if (facts.Reply.Text.Length == 0) return ReplyText.ByAPerson(facts);
        facts = facts with { Reply = facts.Reply with { Text = "" } };
        text = ReplyText.Compose(facts);
        return PriceLock.Check(text, facts).Passes ? text : ReplyText.ByAPerson(facts);
    }

    private void Locked(SqliteConnection connection, LockVerdict verdict, Turn turn)
    {
        log.LogWarning("The price lock stopped a reply that held {Figures}", string.Join(", ", verdict.Foreign));
        connection.Execute(
            "INSERT INTO counters (name, value) VALUES ('price lock', 1) ON CONFLICT (name) DO UPDATE SET value = "
                + "value + 1");
        Troubles.Raise(
            connection,
            $"A reply to {Customers.Name(connection, turn.CustomerId)} held a figure or a promise that is not the "
                + $"shop's and was not sent.",
            "The customer got SAK's plain answer instead. Look at the chat; if it goes on, change the model or its "
                + "settings.", clock);
    }

    private void Remember(SqliteConnection connection, Turn turn, Reply reply, bool? wants)
    {
        connection.Execute("UPDATE customers SET language = $language WHERE id = $id AND language <> $language",
            ("$language", reply.Language), ("$id", turn.CustomerId));
        KeepWish(connection, turn, reply, wants);
        if (!reply.Intents.Any(i => i.Kind == IntentKinds.Handover)) return;
        BeQuiet(connection, turn);
        Troubles.Raise(connection, $"{Customers.Name(connection, turn.CustomerId)} asks for a person.",
            "Answer in WhatsApp; SAK stays quiet in that chat for a while.", clock);
    }

    private static void KeepWish(SqliteConnection connection, Turn turn, Reply? heard, bool? wants)
    {
        if (wants is null && heard?.Intents.Any(i => i.Kind == IntentKinds.Stop) == true) wants = false;
        if (wants is { } yes)
            connection.Execute("UPDATE chats SET stopped = $stopped WHERE id = $chat", ("$stopped", yes ? 0 : 1),
                ("$chat", turn.ChatId));
    }

    private void LeaveToOwner(SqliteConnection connection, Turn turn, Charge charge)
    {
        if (charge == Charge.Elsewhere) Close(connection, turn, "done", "elsewhere", AnsweredElsewhere.Note);
        else Close(connection, turn, "owner", "owner", charge == Charge.Stopped ? "after stop" : "too old");
        if (charge == Charge.OwnerSees && turn.Messages.Count > 0)
            Troubles.Raise(
                connection,
                $"{Customers.Name(connection, turn.CustomerId)} wrote while SAK was away for long; that is too old "
                    + $"for an automatic answer.",
                "Open the chat in WhatsApp and answer by hand.", clock);
    }

    private void Close(SqliteConnection connection, Turn turn, string state, string by, string note) =>
        connection.Execute(
            "UPDATE turns SET state = $state, closed_at = $now, replied_by = $by, note = $note WHERE id = $id",
            ("$state", state), ("$now", clock.GetUtcNow()), ("$by", by), ("$note", note),
            ("$id", turn.Id));

    private DateTimeOffset? Late(Turn turn)
    {
        var oldest = turn.Messages.Min(m => m.SentAt);
        return clock.GetUtcNow() - oldest > rules.LateAfter ? oldest : null;
    }

    private static BasketLine AsBasketLine(OrderLine line) =>
        new(line.Sku, line.AskedQuantity / 1000m, line.AskedUnit, line.Quantity, line.Words, line.MessageId);

    private static long PriceVersion(SqliteConnection connection) =>
        connection.Scalar<long>("SELECT since FROM replica");
}
