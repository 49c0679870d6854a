using System.Threading.Channels;

namespace Sak.Agent.WhatsApp;

/// <summary>
/// WhatsApp, as the rest of the agent sees it. One implementation drives WhatsApp Web; tests have one in memory.
/// </summary>
public interface IWhatsApp : IAsyncDisposable
{
    /// <summary>
    /// Opens the browser and the page and waits until the bridge runs. Throws <see cref="WhatsAppException"/> with what
    /// to do.
    /// </summary>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>Hints of what happens, in order. Events can be lost; <see cref="ScanAsync"/> is the truth.</summary>
    ChannelReader<WhatsAppEvent> Events { get; }

    /// <summary>
    /// Messages that WhatsApp Web's own store holds after <paramref name="cursor"/>, oldest first, own messages and
    /// groups included, and the cursor after them.
    /// </summary>
    Task<WhatsAppScan> ScanAsync(long cursor, int limit, CancellationToken cancel);

    /// <summary>
    /// As above, but from the beginning when the store is not the one that <paramref name="place"/> was taken in (the
    /// phone was linked anew and rows are numbered anew): what was captured before is known by its id.
    /// </summary>
    Task<WhatsAppScan> ScanAsync(WhatsAppPlace place, int limit, CancellationToken cancel) =>
        ScanAsync(place.Row, limit, cancel);

    /// <summary>
    /// Sends a text with an id made before. Throws <see cref="WhatsAppException"/> when the page refused it.
    /// </summary>
    Task<WhatsAppAck> SendTextAsync(string chatId, string text, string messageId, CancellationToken cancel);

    /// <summary>
    /// How far a message of ours got, or null when WhatsApp does not know it (then it was never sent).
    /// </summary>
    Task<WhatsAppAck?> FindSentAsync(string messageId, CancellationToken cancel);

    /// <summary>
    /// What a message holds besides words; null when WhatsApp does not have it. Throws <see cref="WhatsAppException"/>.
    /// </summary>
    /// <param name="mostBytes">Of a larger one only its size is given.</param>
    Task<WhatsAppFile?> DownloadAsync(string messageId, long mostBytes, CancellationToken cancel) =>
        Task.FromResult<WhatsAppFile?>(null);

    /// <summary>Asks the page for a sign of life. Throws <see cref="WhatsAppException"/> when there is none.</summary>
    Task<WhatsAppPulse> PulseAsync(CancellationToken cancel) => Task.FromResult(new WhatsAppPulse(0));

    /// <summary>
    /// The shop's own number, digits; empty when WhatsApp does not tell it. Throws <see cref="WhatsAppException"/>.
    /// </summary>
    Task<string> NumberAsync(CancellationToken cancel) => Task.FromResult("");

    /// <summary>Shows "typing…" in the chat. Best effort.</summary>
    Task ShowTypingAsync(string chatId, TimeSpan time, CancellationToken cancel);
}

/// <summary>Acknowledgement levels of WhatsApp.</summary>
public enum WhatsAppAck { Failed = -1, Pending = 0, Sent = 1, Delivered = 2, Read = 3, Played = 4 }

/// <summary>Where the connection stands.</summary>
public enum WhatsAppState { Starting, NeedsLogin, Syncing, Ready, Offline, LoggedOut, Changed, Closed }

/// <param name="Id">WhatsApp's serialised id, "false_9198…@c.us_3EB0…": the identity of the message.</param>
/// <param name="ChatId">"9198…@c.us", "123…@lid", "…@g.us", "status@broadcast".</param>
/// <param name="Phone">Digits when WhatsApp tells them, else empty. A LID is never a phone.</param>
/// <param name="Type">WhatsApp's own: chat, ptt, image, document, location, vcard, order, product, revoked, ciphertext,
/// …</param>
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
    long RowId = 0);

/// <summary>How far WhatsApp Web's store has been read.</summary>
/// <param name="Anchor">"row id" of a message at or before <paramref name="Row"/>, by which the store is known again;
/// empty when there is none.</param>
public sealed record WhatsAppPlace(long Row, string Anchor);

/// <param name="Cursor">To be stored in the same transaction as the messages.</param>
/// <param name="Complete">False when more wait behind the cursor.</param>
/// <param name="Anchor">See <see cref="WhatsAppPlace"/>; empty leaves the one before.</param>
public sealed record WhatsAppScan(IReadOnlyList<WhatsAppMessage> Messages, long Cursor, bool Complete,
    string Anchor = "");

/// <param name="Megabytes">Memory of the browser; 0 when unknown.</param>
/// <param name="IsSilent">The page lives, but WhatsApp does not answer it.</param>
public sealed record WhatsAppPulse(double Megabytes, bool IsSilent = false);

/// <param name="Content">Empty when it is larger than was asked for.</param>
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

    /// <param name="Code">To be drawn as a QR code; empty when there is none any more.</param>
    public sealed record LoginCode(string Code) : WhatsAppEvent;

    /// <summary>
    /// The customer is writing or recording, or has paused. Best effort: WhatsApp tells it only of some.
    /// </summary>
    public sealed record Typing(string ChatId, bool On) : WhatsAppEvent;

    /// <summary>
    /// WhatsApp has changed something that the shop can do without; the sentence says what does not work.
    /// </summary>
    public sealed record Limited(string What) : WhatsAppEvent;

    /// <summary>The store may hold messages that no event told of.</summary>
    public sealed record CatchUpDue(string Why) : WhatsAppEvent;
}

/// <summary>Something about the browser, the bridge or WhatsApp; the message says what to do.</summary>
public sealed class WhatsAppException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when WhatsApp answered no; false when there was no answer, so that nobody knows.</summary>
    public bool IsRefusal { get; init; }
}
