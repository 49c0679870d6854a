using System.ComponentModel;
using System.Diagnostics;
using Sak.Agent.OrderTaking;
using Sak.Agent.Store;

namespace Sak.Agent.Dashboard;

/// <summary>What the keys on a chat do.</summary>
/// <param name="start">Opens a file in the program that the owner's system has for it; throws when there is none.</param>
public sealed class ChatKeys(OwnerDesk desk, MediaFiles files, Action<string> start)
{
    private (string Chat, int Opened) last = ("", 0);

    public async Task<string> ObeyAsync(ChatRow chat, ChatWish wish, CancellationToken cancel) => wish.Kind switch
    {
        ChatWishKind.Take => (await desk.TakeAsync(chat.Id, cancel)).Says,
        ChatWishKind.GiveBack => (await desk.GiveBackAsync(chat.Id, cancel)).Says,
        ChatWishKind.Write => (await desk.WriteAsync(chat.Id, wish.Words, cancel)).Says,
        ChatWishKind.OpenFile => await OpenAsync(chat, cancel),
        _ when chat.Draft.Length == 0 => "There is no draft in this chat.",
        ChatWishKind.Confirm => (await desk.ConfirmAsync(chat.Draft, cancel)).Says,
        ChatWishKind.Drop => (await desk.DropAsync(chat.Draft, cancel)).Says,
        _ => (await desk.CorrectAsync(chat.Draft, wish.Words, cancel)).Says,
    };

    /// <summary>xdg-open on Linux, open on macOS, what the file's ending means on Windows.</summary>
    public static void Start(string path)
    {
        using var process = OperatingSystem.IsWindows()
            ? Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })
            : Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open", [path]) { RedirectStandardOutput = true, RedirectStandardError = true });
    }

    // The newest first; the same key again goes back one.
    private async Task<string> OpenAsync(ChatRow chat, CancellationToken cancel)
    {
        var kept = await files.OfChatAsync(chat.Id, cancel);
        if (kept.Count == 0) return "This chat has no files.";
        var at = last.Chat == chat.Id ? (last.Opened + 1) % kept.Count : 0;
        last = (chat.Id, at);
        try
        {
            start(kept[at]);
            return $"Opened {at + 1} of {kept.Count}: {kept[at]}";
        }
        catch (Exception none) when (none is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            return $"This PC has no program for it; the file is {kept[at]}";
        }
    }
}
