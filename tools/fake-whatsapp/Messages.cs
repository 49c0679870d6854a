namespace Sak.Tools.FakeWhatsApp;

/// <summary>What a customer writes.</summary>
/// <param name="From">Digits of a phone, or an id: "9198…@c.us", "123…@lid".</param>
public sealed record CustomerMessage(string From, string Name, string Text)
{
    /// <summary>
    /// WhatsApp's type: chat, ptt, image, document, location, vcard, … For media the text is the caption.
    /// </summary>
    public string Type { get; init; } = "chat";

    /// <summary>The group ("…@g.us") or "status@broadcast" that it is written to; null for the shop.</summary>
    public string? Into { get; init; }

    /// <summary>Content of a voice note, picture or document; null generates a small file.</summary>
    public MediaFile? File { get; init; }

    /// <summary>Coordinates of a location.</summary>
    public (double Latitude, double Longitude) Place { get; init; } = (24.7136, 46.6753);

    /// <summary>Products of a basket (type "order"); the text is its note.</summary>
    public IReadOnlyList<BasketItem>? Basket { get; init; }

    /// <summary>What the message answers to.</summary>
    public QuotedItem? Quotes { get; init; }

    public bool Forwarded { get; init; }

    /// <summary>The customer's time; null is now.</summary>
    public DateTimeOffset? SentAt { get; init; }
}

/// <summary>A product in a basket of WhatsApp's catalog, under the names that WhatsApp gives its parts.</summary>
/// <param name="RetailerId">The shop's own code; empty where the shop gave none.</param>
/// <param name="Price">Thousandths.</param>
public sealed record BasketItem(string Id, string Name, int Quantity, string RetailerId = "", long Price = 0);

/// <param name="StanzaId">The last part of the quoted message's id.</param>
/// <param name="Type">"chat", or "product", whose text is its title.</param>
public sealed record QuotedItem(string StanzaId, string Text, string Type = "chat");

/// <param name="Name">A document's own name, else empty.</param>
public sealed record MediaFile(byte[] Content, string Mime, string Name = "");

/// <summary>How a page is notified of a message. The message itself is always in the page's store.</summary>
/// <param name="Events">How often the page raises wa-js's event: 1, 0 (a lost event) or 2 (a duplicate).</param>
/// <param name="DelayMs">Time between storing and the event.</param>
/// <param name="SealedForMs">Time as ciphertext before the text can be read; -1 for ever.</param>
public sealed record Delivery(int Events = 1, int DelayMs = 0, int SealedForMs = 0)
{
    public static readonly Delivery Normal = new();
    public static readonly Delivery Silent = new(Events: 0);
    public static readonly Delivery Twice = new(Events: 2);

    public static Delivery SealedFor(TimeSpan time) => new(SealedForMs: (int)time.TotalMilliseconds);

    public static readonly Delivery SealedForEver = new(SealedForMs: -1);
}

/// <summary>A message of the shop that reached a customer. Kept by the site, so it survives the browser.</summary>
/// <param name="At">When the site first accepted it.</param>
/// <param name="Calls">How often the page was asked to send this id; more than once is the caller's fault.</param>
public sealed record SentMessage(string Id, string ChatId, string Type, string Text, DateTimeOffset At, int Calls);

/// <summary>One attempt of the page to send, whatever its outcome.</summary>
/// <param name="Outcome">"OK", or WhatsApp's word for the failure.</param>
/// <param name="Again">True when the page itself repeats a message without an acknowledgement.</param>
public sealed record SendAttempt(string Id, string ChatId, string Text, DateTimeOffset At, bool Again, string Outcome);

/// <summary>A message in the page's store.</summary>
internal sealed record StoredMessage(string Id, string From, string To, string Type, long T)
{
    public string? Author { get; init; }
    public string? NotifyName { get; init; }
    public string? Body { get; init; }
    public string? Caption { get; init; }
    public int Ack { get; init; } = 1;
    public string? Mimetype { get; init; }
    public string? Filename { get; init; }
    public long? Size { get; init; }
    public double? Lat { get; init; }
    public double? Lng { get; init; }
    public string? Title { get; init; }
    public bool? IsForwarded { get; init; }
    public string? QuotedStanzaID { get; init; }
    public QuotedWords? QuotedMsg { get; init; }
    public string? OrderId { get; init; }
    public string? Token { get; init; }
    public int? ItemCount { get; init; }
    public string? Message { get; init; }
    public IReadOnlyList<BasketItem>? Basket { get; init; }
}

internal sealed record QuotedWords(string Type, string? Body, string? Title);
