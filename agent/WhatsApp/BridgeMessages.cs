using System.Text.Json;

namespace Sak.Agent.WhatsApp;

/// <summary>A message as Bridge.js describes it.</summary>
/// <param name="T">Unix seconds, the sender's time.</param>
/// <param name="Row">Position in the store; 0 from an event.</param>
/// <param name="Unread">True when the message is stored but not, or not yet, decrypted.</param>
internal sealed record BridgeMessage(
    string Id, string Chat, string Phone, string Name, bool FromMe, string Type, string Text, long T, long Row = 0,
    bool Unread = false)
{
    public bool Forwarded { get; init; }

    public QuotedMessage? Quoted { get; init; }

    public const string Ciphertext = "ciphertext";

    // Types of rows and events that no person wrote: notices in the chat, calls, protocol messages.
    private static readonly HashSet<string> System =
    [
        "notification", "notification_template", "group_notification", "gp2", "broadcast_notification",
        "e2e_notification",
        "newsletter_notification", "call_log", "protocol", "reaction", "debug", "pinned_message",
    ];

    public bool IsWritten => !System.Contains(Type);

    /// <summary>
    /// As the rest of the agent uses it. An unreadable message has the type "ciphertext" and no text.
    /// </summary>
    public WhatsAppMessage ToMessage() =>
        new(Id, Chat, Phone, Name, FromMe, Unread ? Ciphertext : Type, Text, DateTimeOffset.FromUnixTimeSeconds(T),
            Row) { Forwarded = Forwarded, Quoted = Quoted };
}

/// <summary>What Bridge.js gives for a scan.</summary>
internal sealed record BridgeScan(IReadOnlyList<BridgeMessage> Messages, long Cursor, bool Complete);

/// <summary>A file as Bridge.js hands it over.</summary>
/// <param name="Content">Base64; empty when the file exceeds the limit that was asked for.</param>
internal sealed record BridgeFile(string Content, string Mime, string Name, long Bytes);

/// <summary>What Bridge.js raises; which fields are set depends on <see cref="Kind"/>.</summary>
internal sealed record BridgeEvent(string Kind)
{
    public BridgeMessage? Message { get; init; }
    public string Id { get; init; } = "";
    public string Text { get; init; } = "";
    public IReadOnlyList<string> Ids { get; init; } = [];
    public int Ack { get; init; }
    public string Chat { get; init; } = "";
    public bool On { get; init; }
    public string Code { get; init; } = "";
    public string Mode { get; init; } = "";
    public string Info { get; init; } = "";
    public bool Authenticated { get; init; }
    public bool Loaded { get; init; }
    public string Why { get; init; } = "";
    public string Reason { get; init; } = "";
    public string Version { get; init; } = "";
    public string Browser { get; init; } = "";
    public IReadOnlyList<string> Missing { get; init; } = [];
    public IReadOnlyList<string> Limited { get; init; } = [];

    public static BridgeEvent Read(string json) =>
        JsonSerializer.Deserialize<BridgeEvent>(json, JsonSerializerOptions.Web)!;
}
