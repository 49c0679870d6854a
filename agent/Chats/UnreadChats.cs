using Microsoft.Data.Sqlite;

namespace Sak.Agent.Chats;

/// <summary>The unread messages of one chat.</summary>
/// <param name="Address">WhatsApp's name for the chat.</param>
/// <param name="ExpectsWords">Voice notes that are not transcribed yet.</param>
internal sealed record UnreadMessages(string ChatId, string Address, DateTimeOffset LastCaptured, bool ExpectsWords);

/// <summary>A chat with something to answer.</summary>
/// <param name="ReadableSince">When its last message could be read; a turn begins a quiet moment later.</param>
internal sealed record UnreadChat(string ChatId, string Address, DateTimeOffset ReadableSince);

/// <summary>Which chats have something to answer, and since when it can be read.</summary>
internal static class UnreadChats
{
    private static readonly TimeSpan TranscriptPatience = TimeSpan.FromMinutes(1);

    /// <param name="transcribes">Voice notes become words: their turn waits for them, up to a minute.</param>
    public static List<UnreadChat> Read(SqliteConnection connection, bool transcribes) =>
        Join(Messages.Unread(connection), Turns.OpenChats(connection), transcribes);

    /// <summary>One entry a chat, the longest waiting first. A turn that is open already need not wait.</summary>
    internal static List<UnreadChat> Join(IEnumerable<UnreadMessages> unread, IEnumerable<UnreadChat> open,
        bool transcribes) =>
        [.. unread.Select(m => new UnreadChat(m.ChatId, m.Address, ReadableAt(m, transcribes))).Concat(open)
            .GroupBy(c => c.ChatId)
            .Select(chat => chat.MaxBy(c => c.ReadableSince)!)
            .OrderBy(c => c.ReadableSince)];

    private static DateTimeOffset ReadableAt(UnreadMessages messages, bool transcribes) =>
        messages.ExpectsWords && transcribes ? messages.LastCaptured + TranscriptPatience : messages.LastCaptured;
}
