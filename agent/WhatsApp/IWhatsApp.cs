using System.Threading.Channels;

namespace Sak.Agent.WhatsApp;

/// <summary>
/// WhatsApp, as the rest of the agent uses it. One implementation drives WhatsApp Web; tests have one in memory.
/// </summary>
public interface IWhatsApp : IAsyncDisposable
{
    /// <summary>
    /// Opens the browser and the page and waits until the bridge runs. Throws <see cref="WhatsAppException"/> with
    /// what to do.
    /// </summary>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>Notices of what happens, in order. Events can be lost; <see cref="ScanAsync"/> is the truth.</summary>
    ChannelReader<WhatsAppEvent> Events { get; }

    /// <summary>
    /// Messages that WhatsApp Web's own store holds after <paramref name="cursor"/>, oldest first, own messages and
    /// groups included, and the cursor after them.
    /// </summary>
    Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// As above, but from the beginning when the store is not the one in which <paramref name="place"/> was taken:
    /// linking the phone again numbers the rows from 1. Messages that were captured before are recognised by their ids.
    /// </summary>
    Task<WhatsAppScan> ScanAsync(WhatsAppPlace place, int limit, CancellationToken cancel) =>
        ScanAsync(place.Row, limit, cancel);

    /// <summary>
    /// Sends a text with an id made before. Throws <see cref="WhatsAppException"/> when the page refused it.
    /// </summary>
    Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel);

    /// <summary>
    /// The delivery state of a message of ours; null when WhatsApp does not know its id, so it was never sent.
    /// </summary>
    Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel);

    /// <summary>
    /// A message's file; null when WhatsApp does not have it. Throws <see cref="WhatsAppException"/>.
    /// </summary>
    /// <param name="mostBytes">For a larger file only its size is returned.</param>
    Task<WhatsAppFile?> DownloadAsync(string messageId, long mostBytes, CancellationToken cancel) =>
        Task.FromResult<WhatsAppFile?>(null);

    /// <summary>
    /// Asks the page whether it still works. Throws <see cref="WhatsAppException"/> when it does not answer.
    /// </summary>
    Task<WhatsAppPulse> PulseAsync(CancellationToken cancel) => Task.FromResult(new WhatsAppPulse(0));

    /// <summary>
    /// The shop's own number, digits; empty when WhatsApp does not disclose it. Throws <see cref="WhatsAppException"/>.
    /// </summary>
    Task<string> NumberAsync(CancellationToken cancel) => Task.FromResult("");

    /// <summary>Shows "typing…" in the chat. Best effort.</summary>
    Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel);
}

/// <summary>Acknowledgement levels of WhatsApp.</summary>
public enum WhatsAppAck { Failed = -1, Pending = 0, Sent = 1, Delivered = 2, Read = 3, Played = 4 }

/// <summary>State of the connection.</summary>
public enum WhatsAppState { Starting, NeedsLogin, Syncing, Ready, Offline, LoggedOut, Changed, Closed }

/// <param name="Id">WhatsApp's serialised id, "false_9198…@c.us_3EB0…": the identity of the message.</param>
/// <param name="ChatId">"9198…@c.us", "123…@lid", "…@g.us", "status@broadcast".</param>
/// <param name="Phone">Digits when WhatsApp discloses them, else empty. A LID is never a phone.</param>
/// <param name="Type">WhatsApp's own: chat, ptt, image, document, location, vcard, order, product,
/// revoked, ciphertext, …</param>
/// <param name="SentAt">The customer's time, UTC.</param>
/// <param name="RowId">Position in WhatsApp Web's store, or 0 for an event.</param>
public sealed record WhatsAppMessage(
    string Id,
    string ChatId,
    string Phone,
    string Name,
    bool FromMe,
    string Type,
    string Text,
    DateTimeOffset SentAt,
    long RowId = 0)
{
    public bool Forwarded { get; init; }

    /// <summary>What the customer answers to; null for most messages.</summary>
    public QuotedMessage? Quoted { get; init; }
}

/// <param name="Id">The part of WhatsApp's id that stays when a chat is renamed; empty when unknown.</param>
/// <param name="Text">Its words; of a product its title. Empty when WhatsApp does not hand them over.</param>
/// <param name="Code">Of a product: the seller's own code, or WhatsApp's.</param>
public sealed record QuotedMessage(string Id, string Text, string Code);

/// <summary>A position in WhatsApp Web's store.</summary>
/// <param name="Anchor">"row id" of a message at or before <paramref name="Row"/>, which identifies the store; empty
/// when there is none.</param>
public sealed record WhatsAppPlace(long Row, string Anchor);

/// <param name="Cursor">To be stored in the same transaction as the messages.</param>
/// <param name="Complete">False when more wait behind the cursor.</param>
/// <param name="Anchor">See <see cref="WhatsAppPlace"/>; empty keeps the previous one.</param>
public sealed record WhatsAppScan(IReadOnlyList<WhatsAppMessage> Messages, long Cursor, bool Complete,
    string Anchor = "");

/// <param name="Megabytes">Memory of the browser; 0 when unknown.</param>
/// <param name="IsSilent">The page works, but WhatsApp's server does not answer it.</param>
public sealed record WhatsAppPulse(double Megabytes, bool IsSilent = false);

/// <param name="Content">Empty when the file exceeds the limit that was asked for.</param>
/// <param name="Mime">"audio/ogg; codecs=opus"; a place is "application/geo+json", a contact "text/vcard".</param>
/// <param name="Name">A document's own name, else empty.</param>
public sealed record WhatsAppFile(byte[] Content, string Mime, string Name, long Bytes);

public abstract record WhatsAppEvent
{
    public sealed record Received(WhatsAppMessage Message) : WhatsAppEvent;

    public sealed record Edited(string MessageId, string Text) : WhatsAppEvent;

    public sealed record Revoked(string MessageId) : WhatsAppEvent;

    public sealed record Acked(IReadOnlyList<string> MessageIds, WhatsAppAck Ack) : WhatsAppEvent;

    /// <param name="Reason">For LoggedOut and Changed: what happened, in plain words, and what to do.</param>
    public sealed record StateChanged(WhatsAppState State, string Reason = "") : WhatsAppEvent;

    /// <param name="Code">Text of the QR code; empty when there is no longer one.</param>
    public sealed record LoginCode(string Code) : WhatsAppEvent;

    /// <summary>
    /// The customer is writing or recording, or has paused. Best effort: WhatsApp reports it only for some customers.
    /// </summary>
    public sealed record Typing(string ChatId, bool On) : WhatsAppEvent;

    /// <summary>
    /// WhatsApp has changed something that the shop does not depend on; the sentence says what no longer works.
    /// </summary>
    public sealed record Limited(string What) : WhatsAppEvent;

    /// <summary>The store may hold messages for which no event came.</summary>
    public sealed record CatchUpDue(string Why) : WhatsAppEvent;
}

/// <summary>A fault of the browser, the bridge or WhatsApp; the message says what to do.</summary>
public sealed class WhatsAppException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when WhatsApp refused; false when it did not answer, so that the outcome is unknown.</summary>
    public bool IsRefusal { get; init; }
}
