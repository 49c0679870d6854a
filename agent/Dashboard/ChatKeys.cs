using System.ComponentModel;
using System.Diagnostics;
using Sak.Agent.Chats;
using Sak.Agent.Orders;
using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

/// <summary>Actions of the keys on a chat.</summary>
/// <param name="start">Opens a file in the system's program for it; throws when there is none.</param>
public sealed class ChatKeys(OwnerDesk desk, MediaFiles files, Action<string> start)
{
    private (string Chat, int Opened) _last = ("", 0);

    public async Task<string> ObeyAsync(ChatRow chat, Wish wish, CancellationToken cancel) => wish.Kind switch
    {
        WishKind.Take => (await desk.TakeAsync(chat.Id, cancel)).Says,
        WishKind.GiveBack => (await desk.GiveBackAsync(chat.Id, cancel)).Says,
        WishKind.Write => (await desk.WriteAsync(chat.Id, wish.Words, cancel)).Says,
        WishKind.OpenFile => await OpenAsync(chat, cancel),
        _ when chat.Draft.Length == 0 => "There is no draft in this chat.",
        WishKind.Confirm => (await desk.ConfirmAsync(chat.Draft, cancel)).Says,
        WishKind.Drop => (await desk.DropAsync(chat.Draft, cancel)).Says,
        _ => (await desk.CorrectAsync(chat.Draft, wish.Words, cancel)).Says,
    };

    /// <summary>xdg-open on Linux, open on macOS, the program for the file's extension on Windows.</summary>
    public static void Start(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Process.Start(new ProcessStartInfo(path) { UseShellExecute = true })?.Dispose();
            return;
        }

        // The viewer's output must not appear on the dashboard. It is read and dropped: a viewer might block on a full
        // pipe or end on a closed one.
        var viewer = Process.Start(
            new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open",
                [path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        viewer.Exited += (_, _) => viewer.Dispose();
        viewer.EnableRaisingEvents = true;
        viewer.BeginOutputReadLine();
        viewer.BeginErrorReadLine();
    }

    // The newest file first; pressing the same key again opens the one before it.
    private async Task<string> OpenAsync(ChatRow chat, CancellationToken cancel)
    {
        var kept = await files.OfChatAsync(chat.Id, cancel);
        if (kept.Count == 0) return "This chat has no files.";
        var at = _last.Chat == chat.Id ? (_last.Opened + 1) % kept.Count : 0;
        _last = (chat.Id, at);
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
