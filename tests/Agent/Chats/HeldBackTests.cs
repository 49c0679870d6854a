using Sak.Agent.Chats;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Why a waiting reply must not go out any more, decided without a database.</summary>
public sealed class HeldBackTests
{
    private static readonly DateTimeOffset Queued = TestTime.Start;
    private static readonly DateTimeOffset Now = Queued + TimeSpan.FromMinutes(1);
    private static readonly ChatControl Free = new(HasStopped: false, DateTimeOffset.UnixEpoch,
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_reply_goes_out_when_nothing_happened_since() => Assert.Null(Why(Free));

    [Fact]
    public void After_stop_nothing_goes_out_not_even_the_owners_words()
    {
        Assert.Contains("no more messages", Why(Free with { HasStopped = true }));
        Assert.Contains("no more messages", Why(Free with { HasStopped = true }, TurnState.Owner));
    }

    [Fact]
    public void The_owners_own_words_go_out_although_the_owner_has_the_chat()
    {
        var taken = Free with { TakenAt = Queued, OwnerUntil = Now + TimeSpan.FromMinutes(30) };

        Assert.Contains("took the chat over", Why(taken));
        Assert.Null(Why(taken, TurnState.Owner));
    }

    [Fact]
    public void A_chat_that_was_taken_before_the_reply_was_queued_or_given_back_since_holds_nothing_back()
    {
        var until = Now + TimeSpan.FromMinutes(30);

        Assert.Null(Why(Free with { TakenAt = Queued - TimeSpan.FromSeconds(1), OwnerUntil = until }));
        Assert.Null(Why(Free with { TakenAt = Queued, OwnerUntil = Now }));
    }

    [Fact]
    public void A_message_of_the_owner_since_holds_it_back_unless_the_chat_was_given_back_after_it()
    {
        var written = new ShopMessage(MessageKind.Text, Queued + TimeSpan.FromSeconds(10));

        Assert.Contains("writing yourself", Why(Free, TurnState.Done, written));
        Assert.Null(Why(Free with { ResumedAt = written.SentAt }, TurnState.Done, written));
    }

    [Fact]
    public void An_answer_of_another_PC_since_holds_it_back() =>
        Assert.Contains("another PC", Why(Free with { ResumedAt = Now }, TurnState.Done,
            new ShopMessage(MessageKind.Sak, Queued)));

    private static string? Why(ChatControl chat, TurnState turn = TurnState.Done, params ShopMessage[] since) =>
        HeldBack.Why(Queued, chat, turn, since, Now);
}
