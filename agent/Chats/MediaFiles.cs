using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>A voice note, picture, document, place or contact that is still to be fetched.</summary>
public sealed record WantedMedia(string MessageId, string Type, int Attempts);

/// <summary>Gone: WhatsApp does not hand it over, or it is too large.</summary>
internal enum MediaState { Wanted, Kept, Gone }

/// <summary>
/// What customers send besides words, kept as files that the owner can open: named by their SHA-256, so that the same
/// picture is one file and a file that is there is whole. A message never waits for its file.
/// </summary>
public sealed class MediaFiles(ReplicaDb db, string folder, TimeProvider clock)
{
    public const int MostAttempts = 6;
    private static readonly HashSet<string> Types = ["ptt", "audio", "image", "video", "sticker", "document",
        "location", "live_location", "vcard", "multi_vcard", "order"];

    // Only endings that open in a viewer; whatever else a stranger sends is kept as .bin.
    private static readonly Dictionary<string, string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["audio/ogg"] = ".ogg", ["audio/mpeg"] = ".mp3", ["audio/mp4"] = ".m4a", ["image/jpeg"] = ".jpg",
        ["image/png"] = ".png", ["image/webp"] = ".webp",
        ["image/gif"] = ".gif", ["video/mp4"] = ".mp4", ["application/pdf"] = ".pdf", ["text/plain"] = ".txt",
        ["text/csv"] = ".csv", ["text/vcard"] = ".vcf",
        ["application/geo+json"] = ".geojson", ["application/json"] = ".json",
        ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"] = ".xlsx",
        ["application/vnd.openxmlformats-officedocument.wordprocessingml.document"] = ".docx",
    };

    public string Folder => folder;

    public static bool IsMedia(string type) => Types.Contains(type);

    /// <summary>A basket of WhatsApp's catalog.</summary>
    public static bool IsBasket(string type) => type == "order";

    public static bool IsVoice(string type) => type is "ptt" or "audio";

    /// <summary>Notes that the file of a message is to be fetched, in the transaction that captures it.</summary>
    internal static void Want(SqliteConnection connection, string messageId, DateTimeOffset now) =>
        connection.Execute(
            "INSERT INTO media (message_id, state, next_at) VALUES ($id, 'wanted', $now) ON CONFLICT (message_id) DO "
                + "NOTHING",
            ("$id", messageId), ("$now", now));

    /// <summary>The next file to fetch; null when none is due.</summary>
    public Task<WantedMedia?> NextAsync(CancellationToken cancel) =>
        db.ReadAsync(
            connection => connection.List(
                "SELECT f.message_id, m.type, f.attempts FROM media f JOIN messages m ON m.id = f.message_id WHERE "
                    + "f.state = 'wanted' AND f.next_at <= $now ORDER BY f.next_at LIMIT 1",
                row => new WantedMedia(row.GetString(0), row.GetString(1), row.GetInt32(2)),
                ("$now", clock.GetUtcNow())).SingleOrDefault(),
            cancel);

    /// <summary>Writes the file, then notes it: a note without its file cannot be. Gives the file's path.</summary>
    public async Task<string> KeepAsync(WantedMedia wanted, WhatsAppFile file, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var mime = file.Mime.Split(';')[0].Trim();
        var name = Convert.ToHexStringLower(SHA256.HashData(file.Content)) + Endings.GetValueOrDefault(mime, ".bin");
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            var unfinished = path + ".part";
            await WriteAsync(unfinished, file.Content, cancel);
            File.Move(unfinished, path, overwrite: true);
        }

        await db.WriteAsync(
            connection => connection.Execute(
                "UPDATE media SET state = 'kept', file = $file, mime = $mime, bytes = $bytes, name = $name, reason = "
                    + "'' WHERE message_id = $id",
                ("$id", wanted.MessageId), ("$file", name), ("$mime", mime), ("$bytes", file.Content.LongLength),
                ("$name", file.Name)),
            cancel);
        return path;
    }

    // On the disk before it is noted, as the note itself is: a power cut must not leave a note of an empty file.
    private static async Task WriteAsync(string path, byte[] content, CancellationToken cancel)
    {
        await using var stream = File.Create(path);
        await stream.WriteAsync(content, cancel);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Paths of what was kept of a chat, the newest first.</summary>
    public Task<List<string>> OfChatAsync(string chatId, CancellationToken cancel) => db.ReadAsync(
        connection => connection.List(
            "SELECT f.file FROM media f JOIN messages m ON m.id = f.message_id WHERE m.chat_id = $chat AND f.state = "
                + "'kept' ORDER BY m.sent_at DESC, m.id DESC",
            row => Path.Combine(folder, row.GetString(0)), ("$chat", chatId)),
        cancel);

    /// <summary>
    /// It could not be fetched: tried again after 10, 20, 40 … s, or <paramref name="forGood"/> left in WhatsApp, and
    /// the owner is told.
    /// </summary>
    public Task FailedAsync(WantedMedia wanted, string reason, bool forGood, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                var isGone = forGood || wanted.Attempts + 1 >= MostAttempts;
                connection.Execute(
                    "UPDATE media SET attempts = attempts + 1, next_at = $next, reason = $reason, state = $state "
                        + "WHERE message_id = $id",
                    ("$id", wanted.MessageId), ("$reason", reason),
                    ("$state", isGone ? MediaState.Gone : MediaState.Wanted),
                    ("$next", clock.GetUtcNow()
                        + TimeSpan.FromSeconds(10 * Math.Pow(2, Math.Min(wanted.Attempts, 8)))));
                if (!isGone) return;
                var chat = Messages.ChatOf(connection, wanted.MessageId)!;
                Troubles.Raise(
                    connection,
                    $"What {ChatBook.CustomerName(connection, chat)} sent ({wanted.Type}) could not be kept on this "
                        + $"PC: {reason}",
                    "Open the chat in WhatsApp to listen or look.", clock);
            },
            cancel);

    /// <summary>
    /// What the transcriber heard, or nothing. These are the message's words; when it was answered without them, it is
    /// taken up again.
    /// </summary>
    public Task TranscribedAsync(string messageId, string text, CancellationToken cancel) =>
        db.WriteAsync(
            connection =>
            {
                connection.Execute("UPDATE media SET transcript = $text, heard = 1 WHERE message_id = $id",
                    ("$id", messageId), ("$text", text));
                if (text.Length > 0) Messages.Transcribe(connection, messageId, text, clock.GetUtcNow());
            },
            cancel);
}
