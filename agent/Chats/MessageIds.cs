using System.Security.Cryptography;

namespace Sak.Agent.Chats;

/// <summary>Message ids as WhatsApp Web makes them for messages of ours: "true_chat_key".</summary>
public static class MessageIds
{
    private const string Prefix = "3EB0";
    private const int Random = 7;

    /// <summary>A new id for a reply of SAK.</summary>
    /// <remarks>The end of the key is a checksum of its beginning: by it another PC of the shop tells a reply of SAK
    /// from a message of the owner.</remarks>
    public static string New(string chatId)
    {
        var made = RandomNumberGenerator.GetBytes(Random);
        return $"true_{chatId}_{Prefix}{Convert.ToHexString(made)}{Checksum(made)}";
    }

    /// <summary>True when SAK made this id, on this PC or another one.</summary>
    public static bool IsMadeBySak(string messageId) =>
        Key(messageId) is { Length: 22 } key && key.StartsWith(Prefix, StringComparison.Ordinal)
            && key[4..].All(char.IsAsciiHexDigitUpper)
            && key[18..] == Checksum(Convert.FromHexString(key[4..18]));

    /// <summary>The part of an id that stays when WhatsApp renames the chat.</summary>
    public static string Key(string messageId) => messageId.Split('_') is { Length: > 2 } parts ? parts[2] : messageId;

    /// <summary>The chat that an id names.</summary>
    public static string Chat(string messageId) => messageId.Split('_')[1];

    private static string Checksum(byte[] made) => Convert.ToHexString(SHA256.HashData([.. made, .. "sak"u8]), 0, 2);
}
