using Sak.Agent.Chats;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Which chats have something to answer and since when, decided without a database.</summary>
public sealed class DueTurnsTests
{
    private static readonly DateTimeOffset Now = TestTime.Start;

    [Fact]
    public void A_chat_is_one_entry_with_the_time_of_its_last_message_and_the_longest_waiting_comes_first()
    {
        var chats = Turns.Due([Unread("a", 20), Unread("b", 10), Unread("b", 15, expectsWords: true)], [],
            transcribes: false);

        Assert.Equal([("b", Now.AddSeconds(15)), ("a", Now.AddSeconds(20))],
            chats.Select(c => (c.ChatId, c.ReadableSince)));
    }

    [Fact]
    public void A_voice_note_whose_words_may_come_is_waited_for_up_to_a_minute_and_without_a_transcriber_not()
    {
        UnreadMessages[] unread = [Unread("a", 20), Unread("a", 10, expectsWords: true)];

        Assert.Equal(Now.AddSeconds(70), Assert.Single(Turns.Due(unread, [], true)).ReadableSince);
        Assert.Equal(Now.AddSeconds(20), Assert.Single(Turns.Due(unread, [], false)).ReadableSince);
    }

    [Fact]
    public void A_turn_that_is_open_already_need_not_wait_for_a_quiet_moment_unless_more_was_written()
    {
        var open = new UnreadChat("a", "a@c.us", DateTimeOffset.UnixEpoch);

        Assert.Equal(DateTimeOffset.UnixEpoch, Assert.Single(Turns.Due([], [open], false)).ReadableSince);
        Assert.Equal(Now.AddSeconds(5),
            Assert.Single(Turns.Due([Unread("a", 5)], [open], false)).ReadableSince);
    }

    private static UnreadMessages Unread(string chat, int seconds, bool expectsWords = false) =>
        new(chat, $"{chat}@c.us", Now.AddSeconds(seconds), expectsWords);
}
