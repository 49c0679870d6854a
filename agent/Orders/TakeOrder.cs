using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>
/// The story of one turn: gather what is known, ask what the customer wants (the cloud, or the reader on this PC), then
/// in one transaction place the order, queue the reply and close the turn. Die anywhere and do it again: before that
/// transaction nothing happened, after it everything did.
/// </summary>
public sealed class TakeOrder(
    ReplicaDb db, Repliers repliers, TakingRules rules, TimeProvider clock, ILogger<TakeOrder> log)
{
    private const int MostTimesAsked = 2;
    private static readonly TurnEnd GivenToOwner = new(TurnState.Owner, AnsweredBy.Owner);
    private readonly ReplyWriter _writer = new(clock, log);

    public async Task HandleAsync(Turn turn, CancellationToken cancel)
    {
        var question = await db.ReadAsync(
            connection => TurnQuestion.Read(connection, turn, rules, clock.GetUtcNow()), cancel);
        var wish = await StopWishes.ReadAsync(question.Request, repliers.Offline, cancel);
        switch (question.Answerer)
        {
            case Answerer.Sak:
                var reply = await AskAsync(question, cancel);
                await db.WriteAsync(connection => Answer(connection, question, reply, wish), cancel);
                break;
            case Answerer.Owner:
                var read = await repliers.Offline.ReplyAsync(question.Request, cancel);
                await db.WriteAsync(connection => KeepDraft(connection, question, read, wish), cancel);
                break;
            default:
                await db.WriteAsync(connection => CloseUnanswered(connection, question, wish), cancel);
                break;
        }
    }

    /// <summary>Closes a turn that SAK can't handle; the owner sees it.</summary>
    public Task GiveToOwnerAsync(Turn turn, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                Turns.Close(connection, turn, GivenToOwner, clock.GetUtcNow());
                KeepWish(connection, turn, StopWishes.OfPlainWords(turn.Messages));
                Troubles.Raise(connection, $"SAK could not answer {Customers.Name(connection, turn.CustomerId)}.",
                    "Open the chat in WhatsApp and answer by hand.", clock);
            },
            cancel);

    // A model proposes; the customer's own words decide, whatever the server made of them.
    private async Task<Reply> AskAsync(TurnQuestion question, CancellationToken cancel)
    {
        var reply = await repliers.AskAsync(question.Request, question.CatalogIsAhead, cancel);
        return reply.By == Reply.ByModel
            ? ProposedReply.Settle(reply, await repliers.Offline.ReadAsync(question.Request, cancel))
            : reply;
    }

    // Transaction 2.
    private void Answer(SqliteConnection connection, TurnQuestion question, Reply reply, StopWish wish)
    {
        if (!question.IsCurrent(connection)) return;
        var (turn, now) = (question.Turn, clock.GetUtcNow());
        var moment = new PriceMoment(turn.CustomerId, now);
        var products = Products.BySku(connection, Basket.Skus(question.Basket, reply));
        var shop = rules.Shop with { Rules = PriceRuleRows.For(connection, rules.Shop.Rules, turn.CustomerId,
            [.. products.Keys], now) };
        var change = Basket.Apply(question.Basket, reply.Intents, products);
        var priced = Prices.Price(change.State.Lines, products, shop.Rules, moment);

        var order = change.Confirmed && IsAsShown(change, priced)
            ? OrderBook.Place(connection, priced, turn, rules.OrderSeries, question.Request.PriceVersion, clock)
            : null;
        // The order is placed: the template says so; drop the model's text.
        if (order is not null) reply = reply.WithoutWords();
        // A "yes" to a total that has changed since it was shown is no "yes": the new figures are shown.
        else if (change.Confirmed || ShowsAgain(reply, change.State))
            change = change with { Confirmed = false, Changed = true };

        var facts = new ReplyFacts(shop, reply, change, priced, products, order,
            order ?? OrderBook.Latest(connection, turn.CustomerId), [.. turn.Messages.Select(m => m.Text)],
            LateSince(turn), question.Request.Words) { Moment = moment };
        var text = _writer.Write(connection, facts, turn.CustomerId);
        var asked = ReplyText.AskedWith(facts, text);
        if (order is null && IsFromMachine(connection, turn, text)) GiveMachineChatToOwner(connection, turn, change);
        else if (order is null && asked?.Times > MostTimesAsked) CallOwner(connection, question, facts, wish);
        else Record(connection, question, reply, wish, new Outcome(order, change.State.Lines,
            order is not null ? BasketState.Empty : Shown(change.State, priced) with { Asked = asked }, text));
    }

    // The same question would be asked once more: the customer needs a person.
    private void CallOwner(SqliteConnection connection, TurnQuestion question, ReplyFacts facts, StopWish wish)
    {
        var (turn, change) = (question.Turn, facts.Change with { CallsOwner = true });
        facts = facts with { Change = change, Reply = facts.Reply.WithoutWords() };
        Record(connection, question, facts.Reply, wish, new Outcome(null, change.State.Lines,
            Drafts.Kept(change.State with { Asked = null }), _writer.Write(connection, facts, turn.CustomerId)));
        ChatBook.BeginDraft(connection, turn.ChatId);
        HandOver(connection, turn, "did not answer what SAK asked twice; SAK asks no more");
    }

    private sealed record Outcome(Order? Order, IReadOnlyList<BasketLine> Lines, BasketState Basket, string Text);

    private void Record(SqliteConnection connection, TurnQuestion question, Reply reply, StopWish wish,
        Outcome outcome)
    {
        var (turn, now) = (question.Turn, clock.GetUtcNow());
        ChatBook.SaveBasket(connection, turn.ChatId, outcome.Basket);
        Customers.SetLanguage(connection, turn.CustomerId, reply.Language);
        KeepWish(connection, turn, wish, reply);
        if (reply.Intents.Any(i => i.Kind == IntentKind.Handover)) HandOver(connection, turn, "asks for a person");
        else if (reply.Unread) HandOver(connection, turn, "sent more than SAK reads; the end is for you");
        if (reply.Intents.FirstOrDefault(i => i.Kind == IntentKind.Media) is { } media)
            ShowUnread(connection, turn, media);
        if (outcome.Order is not null)
            CustomerWords.Learn(connection, outcome.Order, outcome.Lines, question.Request.Words);
        // After "stop" not even a goodbye.
        if (outcome.Text.Length > 0 && !ChatBook.HasStopped(connection, turn.ChatId))
            Outbox.Queue(connection, turn, outcome.Text, now);
        var by = reply.By == Reply.ByModel ? AnsweredBy.Model : AnsweredBy.Reader;
        Turns.Close(connection, turn, new TurnEnd(TurnState.Done, by, outcome.Order?.Number ?? ""), now);
    }

    // The order that is being agreed while the owner talks: kept for the owner, never confirmed by SAK.
    private void KeepDraft(SqliteConnection connection, TurnQuestion question, Reply read, StopWish wish)
    {
        if (!question.IsCurrent(connection)) return;
        var turn = question.Turn;
        var basket = Basket.Apply(question.Basket, read.Intents,
            Products.BySku(connection, Basket.Skus(question.Basket, read))).State;
        ChatBook.SaveBasket(connection, turn.ChatId, Drafts.Kept(basket));
        ChatBook.BeginDraft(connection, turn.ChatId);
        KeepWish(connection, turn, wish, read); // Said to the owner, it holds for SAK all the same.
        Turns.Close(connection, turn, GivenToOwner with { Note = basket.Lines.Count > 0 ? "draft" : "" },
            clock.GetUtcNow());
    }

    // Neither SAK nor the owner answers now.
    private void CloseUnanswered(SqliteConnection connection, TurnQuestion question, StopWish wish)
    {
        var (turn, answerer) = (question.Turn, question.Answerer);
        KeepWish(connection, turn, wish);
        Turns.Close(connection, turn, answerer switch
        {
            Answerer.OtherPc => OtherPc.Answered,
            Answerer.NobodyAfterStop => GivenToOwner with { Note = "after stop" },
            _ => GivenToOwner with { Note = "too old" },
        }, clock.GetUtcNow());
        if (answerer == Answerer.OwnerTooLate)
            Troubles.Raise(
                connection,
                $"{Customers.Name(connection, turn.CustomerId)} wrote while SAK was away for long; that is too old "
                    + "for an automatic answer.",
                "Open the chat in WhatsApp and answer by hand.", clock);
    }

    private bool IsFromMachine(SqliteConnection connection, Turn turn, string text)
    {
        var resumed = ChatBook.Control(connection, turn.ChatId).ResumedAt;
        var since = clock.GetUtcNow() - MachineGuard.Within;
        return MachineGuard.IsMachine(
            Outbox.TextsSince(connection, turn.ChatId, since > resumed ? since : resumed, MachineGuard.SameAnswers),
            text);
    }

    private void GiveMachineChatToOwner(SqliteConnection connection, Turn turn, BasketChange change)
    {
        ChatBook.SaveBasket(connection, turn.ChatId, change.State with { ShownGross = 0 });
        ChatBook.GiveToOwner(connection, turn.ChatId, clock.GetUtcNow() + rules.Turns.OwnerKeeps);
        Troubles.Raise(
            connection,
            $"{Customers.Name(connection, turn.CustomerId)} looks like a machine: SAK gave the same answer "
                + $"{MachineGuard.SameAnswers} times in a few minutes and has stopped.",
            "Look at the chat; the key g gives it back to SAK.", clock);
        Turns.Close(connection, turn, GivenToOwner with { Note = "like a machine" }, clock.GetUtcNow());
    }

    private void HandOver(SqliteConnection connection, Turn turn, string why)
    {
        ChatBook.GiveToOwner(connection, turn.ChatId, clock.GetUtcNow() + rules.Turns.OwnerKeeps);
        Troubles.Raise(connection, $"{Customers.Name(connection, turn.CustomerId)} {why}.",
            "Answer in WhatsApp; SAK stays quiet in that chat for a while.", clock);
    }

    // The customer was told that a person will look.
    private void ShowUnread(SqliteConnection connection, Turn turn, Intent media) =>
        Troubles.Raise(connection,
            $"{Customers.Name(connection, turn.CustomerId)} sent something that SAK cannot read"
                + $"{(media.Words.Length > 0 ? $" ({media.Words})" : "")}.",
            "Open the chat, look or listen, and answer.", clock);

    private static void KeepWish(SqliteConnection connection, Turn turn, StopWish wish, Reply? reply = null)
    {
        if (wish == StopWish.Start) ChatBook.Start(connection, turn.ChatId);
        else if (wish == StopWish.Stop || (reply is not null && StopWishes.IsStop(reply)))
            ChatBook.Stop(connection, turn.ChatId);
    }

    // A model that lost its words claimed what the customer did not say: the customer sees again what a yes would mean.
    private static bool ShowsAgain(Reply reply, BasketState state) =>
        reply is { By: Reply.ByModel, Slotted: null } && reply.Intents.All(i => i.Kind != IntentKind.Handover)
            && state is { Lines.Count: > 0, Awaiting: Awaiting.Confirmation };

    private static bool IsAsShown(BasketChange change, PricedBasket priced) =>
        priced.Lines.Count == change.State.Lines.Count && priced.Gross == change.State.ShownGross;

    private static BasketState Shown(BasketState state, PricedBasket priced) =>
        state with { ShownGross = state.Awaiting == Awaiting.Confirmation ? priced.Gross : 0 };

    /// <returns>When the oldest message was sent, if the reply owes an apology for its lateness.</returns>
    private DateTimeOffset? LateSince(Turn turn)
    {
        var oldest = turn.Messages.Min(m => m.SentAt);
        return clock.GetUtcNow() - oldest > rules.Turns.Late ? oldest : null;
    }
}
