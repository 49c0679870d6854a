using Sak.Agent.Chats;
using Sak.Agent.Settings;

namespace Sak.Tests.Agent.Chats;

public sealed class PaceTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 23, 30, 0, TimeSpan.Zero);
    private static readonly Pace Human = new(PerMinute: 3, PerChatMinute: 2, MostTyping: TimeSpan.FromSeconds(2));

    [Fact]
    public void A_reply_waits_until_the_minutes_allowance_is_free_again()
    {
        DateTimeOffset[] all = [Now.AddSeconds(-50), Now.AddSeconds(-40), Now.AddSeconds(-30)];

        Assert.Equal(TimeSpan.FromSeconds(10), Human.Wait(Now, TimeZoneInfo.Utc, all, []));
        Assert.Equal(TimeSpan.Zero, Human.Wait(Now, TimeZoneInfo.Utc, all[1..], []));
        Assert.Equal(TimeSpan.FromSeconds(20), Human.Wait(Now, TimeZoneInfo.Utc, all[1..], all[1..]));
    }

    [Theory]
    [InlineData("22:00", "7:00", 7.5)]
    [InlineData("23:00", "23:45", 0.25)]
    [InlineData("7:00", "22:00", 0)]
    [InlineData("", "", 0)]
    public void In_the_quiet_hours_a_reply_waits_for_their_end(string from, string to, double hours)
    {
        var pace = Human with { QuietFrom = SendSettings.TimeOfDay(from), QuietTo = SendSettings.TimeOfDay(to) };

        Assert.Equal(TimeSpan.FromHours(hours), pace.Wait(Now, TimeZoneInfo.Utc, [], []));
    }

    [Fact]
    public void Typing_takes_as_long_as_a_person_would_within_bounds()
    {
        Assert.Equal(TimeSpan.FromMilliseconds(300), Human.Typing("ten chars."));
        Assert.Equal(TimeSpan.FromSeconds(2), Human.Typing(new string('x', 1000)));
        Assert.Equal(TimeSpan.Zero, (Human with { MostTyping = TimeSpan.Zero }).Typing("anything"));
    }
}
