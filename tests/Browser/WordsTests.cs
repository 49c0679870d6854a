using Sak.Agent.WhatsApp;

namespace Sak.Tests.Browser;

/// <summary>What the owner reads about the connection.</summary>
public sealed class WordsTests
{
    public static TheoryData<string> Reasons => new(
        "user_initiated", "syncd_failure", "invalid_adv_status", "critical_sync_timeout", "syncd_timeout",
        "history_sync_timeout",
        "account_sync_timeout", "md_opt_out", "unknown_companion", "client_version_outdated",
        "syncd_error_during_bootstrap",
        "account_sync_error", "storage_quota_exceeded", "primary_identity_key_change", "missing_enc_salt",
        "missing_screen_lock_salt",
        "account_locked", "lid_migration_split_thread_mismatch", "lid_migration_no_lid_available",
        "lid_migration_primary_mappings_obsolete",
        "lid_migration_peer_mapping_not_received", "lid_migration_state_discrepancy",
        "lid_migration_peer_mapping_malformed",
        "lid_migration_failed_to_parse_mapping", "lid_migration_companion_incompatible_killswitch",
        "lid_migration_one_on_one_thread_migration_internal_error", "lid_blocklist_pn_when_migrated",
        "lid_blocklist_chat_db_unmigrated",
        "web_fail_add_chat", "web_fail_offline_resume", "web_fail_storage_initialization", "web_fail_enc_salt",
        "cache_storage_open_failed",
        "", "a_reason_of_tomorrow");

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Every_reason_for_a_logout_is_a_plain_sentence_with_what_to_do(string reason)
    {
        var words = ConnectionWords.Logout(reason);
        Assert.DoesNotContain('_', words);
        Assert.Matches("Scan|link this PC|Restart", words);
    }

    [Theory]
    [InlineData("user_initiated", "removed from the linked devices")]
    [InlineData("md_opt_out", "removed from the linked devices")]
    [InlineData("unknown_companion", "no longer knows this PC")]
    [InlineData("account_locked", "locked this account")]
    [InlineData("primary_identity_key_change", "installed anew")]
    [InlineData("client_version_outdated", "too old")]
    [InlineData("storage_quota_exceeded", "disk space")]
    [InlineData("web_fail_storage_initialization", "disk space")]
    [InlineData("cache_storage_open_failed", "disk space")]
    [InlineData("web_fail_offline_resume", "offline for too long")]
    [InlineData("critical_sync_timeout", "took too long")]
    [InlineData("syncd_timeout", "took too long")]
    [InlineData("history_sync_timeout", "took too long")]
    [InlineData("account_sync_timeout", "took too long")]
    [InlineData("lid_migration_split_thread_mismatch", "changing how it names customers")]
    [InlineData("lid_blocklist_pn_when_migrated", "changing how it names customers")]
    [InlineData("syncd_failure", "it says: syncd failure")]
    [InlineData("invalid_adv_status", "it says: invalid adv status")]
    [InlineData("missing_enc_salt", "it says: missing enc salt")]
    [InlineData("", "logged this PC out.")]
    public void A_reason_for_a_logout_says_what_happened(string reason, string words) =>
        Assert.Contains(words, ConnectionWords.Logout(reason), StringComparison.Ordinal);

    [Theory]
    [InlineData("CONFLICT", "another window")]
    [InlineData("PROXYBLOCK", "proxy")]
    [InlineData("TOS_BLOCK", "terms")]
    [InlineData("SMB_TOS_BLOCK", "terms")]
    [InlineData("DEPRECATED_VERSION", "too old")]
    [InlineData("OFFLINE", "internet")]
    public void Every_mode_that_stops_the_shop_says_so(string mode, string words) =>
        Assert.Contains(words, ConnectionWords.Of(mode, "NORMAL", authenticated: true, loaded: true).Reason,
            StringComparison.Ordinal);

    [Fact]
    public void It_is_ready_only_when_logged_in_loaded_and_connected()
    {
        Assert.Equal(WhatsAppState.Ready,
            ConnectionWords.Of("MAIN", "NORMAL", authenticated: true, loaded: true).State);
        Assert.Equal(WhatsAppState.Syncing,
            ConnectionWords.Of("MAIN", "NORMAL", authenticated: true, loaded: false).State);
        Assert.Equal(WhatsAppState.Syncing,
            ConnectionWords.Of("MAIN", "OPENING", authenticated: true, loaded: true).State);
        Assert.Equal(WhatsAppState.NeedsLogin,
            ConnectionWords.Of("MAIN", "NORMAL", authenticated: false, loaded: true).State);
    }

    [Fact]
    public void A_missing_bundle_names_the_command_that_fetches_it()
    {
        var fault = Assert.Throws<WhatsAppException>(() => BridgeBundle.Find("/nowhere/wa.js", Path.GetTempPath()));
        Assert.Contains("/nowhere/wa.js", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/chrome", "no browser at /nowhere/chrome")]
    [InlineData("bundled", "Playwright's own browser")]
    public void A_missing_browser_is_named_with_what_to_do(string setting, string words)
    {
        var fault = Assert.Throws<WhatsAppException>(() => Browsers.Find(setting, "/nowhere/chromium"));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.Contains("Install", fault.Message, StringComparison.Ordinal);
    }
}
