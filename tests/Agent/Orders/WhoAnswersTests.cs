using Sak.Agent.Orders;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>Who answers a turn, decided without a database.</summary>
public sealed class WhoAnswersTests
{
    private static readonly DateTimeOffset Now = TestTime.Start;
    private static readonly TimeSpan TooOld = TimeSpan.FromHours(24);
    private static readonly ChatFacts Nothing = new(HasStopped: false, OtherPcAnswered: false, OwnerHasChat: false,
        OwnerWroteAfter: false);

    [Fact]
    public void SAK_answers_when_nothing_speaks_against_it() =>
        Assert.Equal(Answerer.Sak, Decide(Nothing, "5 oil"));

    [Fact]
    public void The_owner_answers_in_a_chat_of_the_owner_and_after_having_answered_already()
    {
        Assert.Equal(Answerer.Owner, Decide(Nothing with { OwnerHasChat = true }, "5 oil"));
        Assert.Equal(Answerer.Owner, Decide(Nothing with { OwnerWroteAfter = true }, "5 oil"));
    }

    [Fact]
    public void Nobody_answers_after_stop_until_start_whoever_has_the_chat()
    {
        var stopped = Nothing with { HasStopped = true, OwnerHasChat = true, OtherPcAnswered = true };

        Assert.Equal(Answerer.NobodyAfterStop, Decide(stopped, "5 oil"));
        Assert.Equal(Answerer.Sak, Decide(Nothing with { HasStopped = true }, "5 oil", "Start"));
    }

    [Fact]
    public void What_another_PC_answered_is_not_answered_again_nor_left_to_the_owner() =>
        Assert.Equal(Answerer.OtherPc, Decide(Nothing with { OtherPcAnswered = true, OwnerHasChat = true }, "5 oil"));

    [Fact]
    public void A_turn_whose_newest_message_is_too_old_is_left_to_the_owner_and_one_with_a_newer_message_is_not()
    {
        var old = new TurnMessage("1", "5 oil", Now - TooOld - TimeSpan.FromSeconds(1));
        var young = new TurnMessage("2", "and 2 sugar", Now - TooOld);

        Assert.Equal(Answerer.OwnerTooLate, WhoAnswers.Decide([old], Nothing, Now, TooOld));
        Assert.Equal(Answerer.Sak, WhoAnswers.Decide([old, young], Nothing, Now, TooOld));
    }

    [Fact]
    public void A_turn_without_messages_is_never_answered() =>
        Assert.Equal(Answerer.NobodyWithoutMessage, WhoAnswers.Decide([], Nothing, Now, TooOld));

    [Theory]
    [InlineData(false, 20, true)]
    [InlineData(false, 21, false)]
    [InlineData(true, 1, false)]
    public void The_cloud_is_asked_when_it_has_this_PCs_catalog_and_takes_so_many_messages(bool isAhead, int messages,
        bool asked) =>
        Assert.Equal(asked, WhoAnswers.MayAskCloud(isAhead, messages));

    private static Answerer Decide(ChatFacts chat, params string[] texts) =>
        WhoAnswers.Decide([.. texts.Select((text, i) => new TurnMessage($"{i}", text, Now))], chat, Now, TooOld);
}
