using Sak.Agent.Settings;

namespace Sak.Agent.Chats;

/// <summary>How fast SAK may speak. Bursts and machine-like speed get numbers blocked. Pure.</summary>
/// <param name="PerMinute">Replies a minute, to everybody together.</param>
/// <param name="PerChatMinute">Replies a minute in one chat.</param>
/// <param name="MostTyping">Longest time that "typing…" is shown before a reply; zero shows none.</param>
/// <param name="QuietFrom">Local time of day; nothing is sent from here to <paramref name="QuietTo"/>.
/// Null: always open.</param>
public sealed record Pace(int PerMinute, int PerChatMinute, TimeSpan MostTyping, TimeOnly? QuietFrom = null,
    TimeOnly? QuietTo = null)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PerLetter = TimeSpan.FromMilliseconds(30);

    public static Pace Of(SendSettings settings) => new(
        settings.PerMinute, settings.PerChatMinute, TimeSpan.FromSeconds(settings.TypingSeconds),
        SendSettings.TimeOfDay(settings.QuietFrom), SendSettings.TimeOfDay(settings.QuietTo));

    /// <summary>How long the next reply has to wait; zero when it may go now.</summary>
    /// <param name="all">When replies went out in the last minute, oldest first.</param>
    /// <param name="chat">Those of this chat.</param>
    public TimeSpan Wait(DateTimeOffset now, TimeZoneInfo zone, IReadOnlyList<DateTimeOffset> all,
        IReadOnlyList<DateTimeOffset> chat)
    {
        var until = new[] { Free(all, PerMinute), Free(chat, PerChatMinute), Opens(now, zone) }.Max();
        return until > now ? until - now : TimeSpan.Zero;
    }

    /// <summary>How long the quiet hours still last; zero outside of them.</summary>
    public TimeSpan Closed(DateTimeOffset now, TimeZoneInfo zone) =>
        Opens(now, zone) is var opens && opens > now ? opens - now : TimeSpan.Zero;

    /// <summary>As long as a person would type this, within bounds.</summary>
    public TimeSpan Typing(string text) => text.Length * PerLetter < MostTyping ? text.Length * PerLetter : MostTyping;

    private static DateTimeOffset Free(IReadOnlyList<DateTimeOffset> sent, int most) =>
        sent.Count < most ? DateTimeOffset.MinValue : sent[^most] + Minute;

    private DateTimeOffset Opens(DateTimeOffset now, TimeZoneInfo zone)
    {
        if (QuietFrom is not { } from || QuietTo is not { } to || from == to) return DateTimeOffset.MinValue;
        var local = TimeZoneInfo.ConvertTime(now, zone);
        var time = TimeOnly.FromDateTime(local.DateTime);
        return time.IsBetween(from, to) ? now + (to - time) : DateTimeOffset.MinValue;
    }
}
