using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;
using Sak.Sync.Model;

namespace Sak.Agent.Chats;

/// <param name="New">Messages that were not stored before.</param>
/// <param name="Ignored">Groups, broadcasts and status posts that were not counted before.</param>
public sealed record Captured(int New, int Ignored);

/// <summary>
/// Stores everything that WhatsApp delivers, before anything else happens to it: transaction 1.
/// </summary>
public sealed class CaptureMessages(ReplicaDb db, TurnSettings settings, MoveCustomer moveCustomer, TimeProvider clock)
{
    private const int LongestText = 200_000;
    private const int LongestName = 200;
    private const string ReactionYes = "reaction_yes";

    // WhatsApp's times are whole seconds, and a phone's clock is not the PC's.
    private static readonly TimeSpan LinkedSlack = TimeSpan.FromMinutes(1);
    private readonly MergeChats _merge = new(moveCustomer);

    /// <summary>
    /// Stores the messages that are not stored yet, by WhatsApp's message id, together with the scan's cursor. From
    /// here on nothing can be lost, and delivering it again changes nothing.
    /// </summary>
    /// <param name="cursor">Given with the messages of a scan. The scan is the truth: a text that differs from the
    /// stored one is an edit.</param>
    /// <param name="anchor">See <see cref="WhatsAppPlace"/>; empty leaves the one before.</param>
    public Task<Captured> CaptureAsync(IReadOnlyList<WhatsAppMessage> messages, long? cursor, CancellationToken cancel,
        string anchor = "") =>
        db.WriteAsync(
            connection =>
            {
                int added = 0, ignored = 0;
                var linked = Cursors.FirstLinked(connection, clock.GetUtcNow());
                foreach (var message in messages)
                {
                    if (!IsPerson(message.ChatId))
                        ignored += Messages.Ignore(connection, message, clock.GetUtcNow()) ? 1 : 0;
                    // The words of a sealed message may still follow an event; the scan waited for them long enough.
                    else if (message.Type != "ciphertext" || cursor is not null)
                        added += Capture(connection, message, cursor is not null, linked) ? 1 : 0;
                }

                if (cursor is not null) Cursors.Save(connection, cursor.Value, anchor);
                return new Captured(added, ignored);
            },
            cancel);

    /// <summary>
    /// Notes when this PC was first linked, once: earlier messages are stored and never answered. Captures do it too,
    /// should one come first.
    /// </summary>
    public Task LinkedAsync(CancellationToken cancel) =>
        db.WriteAsync(connection => { Cursors.FirstLinked(connection, clock.GetUtcNow()); }, cancel);

    /// <summary>Where the next scan begins.</summary>
    public Task<WhatsAppPlace> PlaceAsync(CancellationToken cancel) => db.ReadAsync(Cursors.Place, cancel);

    /// <summary>The customer changed a message; see <see cref="Edits"/>.</summary>
    public Task<bool> EditAsync(string messageId, string text, CancellationToken cancel) =>
        db.WriteAsync(
            connection => Edits.Edit(connection, HiddenIds.MessageIdOf(connection, messageId),
                Messages.Cut(text, LongestText), clock.GetUtcNow()),
            cancel);

    /// <summary>The customer deleted a message for everyone.</summary>
    public Task<bool> DeleteAsync(string messageId, CancellationToken cancel) =>
        db.WriteAsync(
            connection => Edits.Delete(connection, HiddenIds.MessageIdOf(connection, messageId), clock.GetUtcNow()),
            cancel);

    /// <summary>Not WhatsApp itself, which writes its announcements under the number 0.</summary>
    public static bool IsPerson(string chatId) =>
        chatId != "0@c.us"
            && (chatId.EndsWith("@c.us", StringComparison.Ordinal)
                || chatId.EndsWith("@lid", StringComparison.Ordinal));

    /// <returns>True when the message, or a change of it, is new.</returns>
    private bool Capture(SqliteConnection connection, WhatsAppMessage delivered, bool fromScan, DateTimeOffset linked)
    {
        var message = _merge.InPersonsChat(connection, delivered);
        if (message.FromMe && Outbox.IsOurs(connection, message.Id)) return false;
        // A thumbs-up is a yes to the reply that it stands on, and to no later one.
        if (message.Type == ReactionYes
            && !Outbox.IsNewest(connection, message.ChatId, message.Quoted?.Id ?? "")) return false;
        var now = clock.GetUtcNow();
        var bySak = message.FromMe && MessageIds.IsMadeBySak(message.Id);
        OpenChat(connection, message, delivered.ChatId);
        var kind = bySak ? MessageKind.Sak : KindOf(message.Type);
        if (!Messages.Add(connection, message, kind, Messages.Cut(message.Text, LongestText), now))
            return fromScan && Change(connection, message, now);

        ChatBook.NoteMessage(connection, message.ChatId, message.SentAt);
        if (message is { Type: "ciphertext", FromMe: false }) RaiseSealed(connection, message);
        if (MediaFiles.IsMedia(message.Type) && !message.FromMe) MediaFiles.Want(connection, message.Id, now);
        if (message.SentAt < linked - LinkedSlack) KeepUnanswered(connection, message);
        else if (bySak || !message.FromMe) OtherPc.CloseAnswered(connection, message.ChatId, clock);
        else OwnerWrote(connection, message);
        return true;
    }

    private void OpenChat(SqliteConnection connection, WhatsAppMessage message, string address)
    {
        var name = message.FromMe ? "" : Messages.Cut(message.Name, LongestName);
        if (ChatBook.Exists(connection, message.ChatId))
        {
            ChatBook.NoteAddress(connection, message.ChatId, address, message.SentAt);
            Customers.FillGaps(connection, ChatBook.CustomerOf(connection, message.ChatId), message.Phone, name);
            return;
        }

        var customer = Customers.OfChat(connection, message.ChatId) ?? Ids.New(clock);
        if (Customers.Get(connection, customer) is null)
            Customers.Add(connection, customer, message.ChatId, message.Phone, name);
        ChatBook.Open(connection, message.ChatId, customer, address, message.SentAt);
    }

    // The scan shows a message that is stored: it may say something else now.
    private static bool Change(SqliteConnection connection, WhatsAppMessage message, DateTimeOffset now) =>
        !message.FromMe && message.Type switch
        {
            "ciphertext" => false,
            "revoked" => Edits.Delete(connection, message.Id, now),
            _ => Edits.Edit(connection, message.Id, Messages.Cut(message.Text, LongestText), now),
        };

    private void RaiseSealed(SqliteConnection connection, WhatsAppMessage message)
    {
        var sent = TimeZoneInfo.ConvertTime(message.SentAt, clock.LocalTimeZone);
        Troubles.Raise(connection,
            $"A message of {ChatBook.CustomerName(connection, message.ChatId)} ({sent:MM-dd HH:mm}) could not be "
                + $"decrypted on this PC.",
            "Open the chat on the phone and answer by hand.", clock);
    }

    // From before this PC was linked: stored for the history, in a turn that nobody answers.
    private void KeepUnanswered(SqliteConnection connection, WhatsAppMessage message)
    {
        if (!message.FromMe)
            Turns.AddClosed(connection, message.ChatId, message.SentAt,
                new TurnEnd(TurnState.Owner, AnsweredBy.Owner, "before this PC was linked"), [message.Id], clock);
    }

    // The owner wrote on the phone: SAK keeps reading and does not answer, until the owner writes the agreed word.
    private void OwnerWrote(SqliteConnection connection, WhatsAppMessage message)
    {
        var isWord = settings.OwnerWord.Length > 0
            && message.Text.Trim().Equals(settings.OwnerWord, StringComparison.OrdinalIgnoreCase);
        if (isWord) ChatBook.GiveBack(connection, message.ChatId, message.SentAt);
        else ChatBook.OwnerWrote(connection, message.ChatId, message.SentAt, settings.OwnerKeeps);
    }

    private static MessageKind KindOf(string type) => type switch
    {
        "chat" or "product" or "list_response" or "buttons_response" or "template_button_reply" or "poll_vote"
            or ReactionYes => MessageKind.Text,
        "order" => MessageKind.Basket,
        "ptt" or "audio" => MessageKind.Voice,
        "image" or "video" or "sticker" => MessageKind.Image,
        "document" => MessageKind.Document,
        "location" or "live_location" => MessageKind.Location,
        "vcard" or "multi_vcard" => MessageKind.Contact,
        "revoked" => MessageKind.Deleted,
        _ => MessageKind.Other,
    };
}
