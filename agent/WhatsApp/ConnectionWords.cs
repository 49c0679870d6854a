namespace Sak.Agent.WhatsApp;

/// <summary>Translates WhatsApp's names of connection states into states and sentences that say what to do.</summary>
internal static class ConnectionWords
{
    public const string Outdated =
        "WhatsApp says that this version of its page is too old. Restart SAK; if it comes again, update the browser.";

    public const string Banned =
        "WhatsApp has suspended this number for a time. Open WhatsApp on the shop's phone and read what it says; SAK "
            + "sends nothing until then.";

    /// <summary>State and reason for a stream mode and info.</summary>
    public static (WhatsAppState State, string Reason) Of(string mode, string info, bool authenticated, bool loaded) =>
        mode switch
    {
        "CONFLICT" =>
            (WhatsAppState.Offline, "WhatsApp Web was opened in another window. Close that window, then restart SAK."),
        "PROXYBLOCK" =>
            (WhatsAppState.Offline,
                "A proxy blocks WhatsApp. Ask whoever runs this network to let web.whatsapp.com through."),
        "TOS_BLOCK" or "SMB_TOS_BLOCK" => (WhatsAppState.Offline, Blocked),
        "DEPRECATED_VERSION" => (WhatsAppState.Changed, Outdated),
        _ when !authenticated => (WhatsAppState.NeedsLogin, Link),
        "OFFLINE" => (WhatsAppState.Offline, OfflineReason),
        "MAIN" when info == "OFFLINE" => (WhatsAppState.Offline, OfflineReason),
        "MAIN" when loaded && info is not ("OPENING" or "CONNECTING" or "PAIRING" or "SYNCING" or "RESUMING") =>
            (WhatsAppState.Ready, ""),
        _ => (WhatsAppState.Syncing, ""),
    };

    private const string Blocked =
        "WhatsApp has blocked this number under its terms. Open WhatsApp on the shop's phone and read what it says.";

    private const string Link =
        "Scan the code with WhatsApp on the shop's phone: Settings, Linked devices, Link a device.";

    private const string OfflineReason =
        "WhatsApp can't be reached. Check the internet connection of this PC; messages are kept by WhatsApp meanwhile.";

    /// <summary>Why WhatsApp logged this browser out, and what to do.</summary>
    public static string Logout(string reason) => reason switch
    {
        "" => $"WhatsApp logged this PC out. {LinkAgain}",
        "user_initiated" or "md_opt_out" =>
            $"This PC was removed from the linked devices on the shop's phone. {LinkAgain}",
        "unknown_companion" => $"The shop's phone no longer knows this PC. {LinkAgain}",
        "account_locked" =>
            "WhatsApp has locked this account. Open WhatsApp on the shop's phone and follow what it says, then link "
                + "this PC again.",
        "primary_identity_key_change" =>
            $"WhatsApp was installed anew on the shop's phone, or the phone was changed. {LinkAgain}",
        "client_version_outdated" => Outdated,
        "storage_quota_exceeded" or "web_fail_storage_initialization" or "cache_storage_open_failed" =>
            "The browser could not store WhatsApp's data. Free some disk space, restart SAK, then link this PC again.",
        "web_fail_offline_resume" => $"This PC was offline for too long. {LinkAgain}",
        _ when reason.Contains("timeout", StringComparison.Ordinal) =>
            $"Synchronising with the shop's phone took too long. Keep WhatsApp open on the phone. {LinkAgain}",
        _ when reason.StartsWith("lid_", StringComparison.Ordinal) =>
            $"WhatsApp is changing how it names customers and asks for a new login. {LinkAgain}",
        _ => $"WhatsApp logged this PC out (it says: {reason.Replace('_', ' ')}). {LinkAgain}",
    };

    /// <summary>For calls of wa-js that no longer work and that the shop does not depend on.</summary>
    public static string Limited(IReadOnlyList<string> calls)
    {
        var lost = calls.Select(call => call switch
        {
            "conn.genLinkDeviceCodeForPhoneNumber" => "linking by a code for the phone number",
            "chat.downloadMedia" or "util.blobToBase64" => "fetching voice notes, pictures and documents",
            "contact.getPnLidEntry" => "learning the phone behind a hidden number",
            "contact.subscribePresence" => "waiting while a customer types",
            "chat.markIsComposing" => "showing \"typing…\"",
            "whatsapp.websocket.sendSmaxStanza" => "seeing within a minute that WhatsApp has fallen silent",
            _ => $"a second way to read messages ({call})",
        });
        return "WhatsApp changed a little; this does not work until the bridge is updated: "
            + $"{string.Join(", ", lost.Distinct())}.";
    }

    /// <summary>For a bridge that no longer finds WhatsApp's modules in the page.</summary>
    public static string Changed(string what, string bundlePath) =>
        $"WhatsApp changed ({what}). Messages are kept by WhatsApp and will be read when the bridge is updated: "
            + $"replace {bundlePath} by a newer wa-js.";

    private const string LinkAgain =
        "Scan the new code with WhatsApp on the phone: Settings, Linked devices, Link a device.";
}
