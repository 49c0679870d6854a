using Sak.Tests.Browser;
using Sak.Tests.Support;
using Sak.Tools.Demo;

namespace Sak.Tests.EndToEnd;

/// <summary>The agent as a process, killed (SIGKILL) at the worst moments, then started again.</summary>
[Collection(ProcessCollection.Name)]
public sealed class KillTests : IAsyncLifetime
{
    private const string Shop = "Kill Stores";
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private DemoWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var whyNot = await Phone.WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        _world = await DemoWorld.OpenAsync(_folder.Path, "sqlite", "", Cancel);
        await _world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, Cancel);
        _world.StartAgent(Shop, "INR");
        await _world.LinkPhoneAsync(Cancel);
        await AnswerAsync("2 sugar");
        // A login that is seconds old is not on the disk yet, in this browser and in a real one.
        await _world.EndAgentAsync();
        await StartAsync(quietSeconds: "1");
    }

    [Fact]
    public async Task Killed_between_capture_and_reply_the_agent_gives_one_order_and_one_reply()
    {
        await _world.KillAgentAsync();
        await StartAsync(quietSeconds: "30");
        var yes = await _world.Site.CustomerWritesAsync(Asha, "Asha", "yes", cancel: Cancel);
        await _world.CapturedAsync(yes, Cancel);
        await _world.KillAgentAsync();
        Assert.Equal(0, _world.Count("SELECT count(*) FROM orders"));
        Assert.Equal(1, _world.Count($"SELECT count(*) FROM messages WHERE id = '{yes}' AND turn_id IS NULL"));

        await StartAgainAndAnswerAsync();

        OneOrderAndOneReplyFor(replies: 2);
    }

    [Fact]
    public async Task Killed_between_reply_and_send_the_agent_gives_one_order_and_one_reply()
    {
        await _world.Site.RefuseSendsAsync(1, Cancel);
        await _world.Site.CustomerWritesAsync(Asha, "Asha", "yes", cancel: Cancel);
        await Eventually.IsTrueAsync(() => _world.Count("SELECT count(*) FROM outbox WHERE attempts = 1") == 1,
            "the reply to be queued and refused once");
        await _world.KillAgentAsync();
        Assert.Equal(1, _world.Count("SELECT count(*) FROM orders"));
        Assert.Single(_world.Site.Sent);

        await StartAgainAndAnswerAsync();

        OneOrderAndOneReplyFor(replies: 2);
    }

    [Fact]
    public async Task Killed_while_WhatsApp_sends_the_customer_has_one_order_and_one_reply()
    {
        _world.Site.Faults.AckDelay = TimeSpan.FromSeconds(20);
        await _world.Site.CustomerWritesAsync(Asha, "Asha", "yes", cancel: Cancel);
        await Eventually.IsTrueAsync(() => _world.Site.Sent.Count == 2, "the reply to reach the customer");
        await _world.KillAgentAsync();
        _world.Site.Faults.AckDelay = TimeSpan.Zero;
        Assert.Equal(1, _world.Count("SELECT count(*) FROM outbox WHERE state = 'sending'"));

        await StartAgainAndAnswerAsync();

        OneOrderAndOneReplyFor(replies: 2, askedOnce: false);
    }

    [Fact]
    public async Task What_was_written_while_the_agent_was_dead_is_answered_when_it_is_back()
    {
        await _world.KillAgentAsync();
        var yes = await _world.Site.CustomerWritesAsync(Asha, "Asha", "yes", cancel: Cancel);

        _world.StartAgent(Shop, "INR");
        await _world.CapturedAsync(yes, Cancel);
        await _world.AnsweredAsync(Cancel);

        OneOrderAndOneReplyFor(replies: 2);
    }

    [Fact]
    public async Task A_line_that_fell_silent_is_seen_within_a_minute_and_what_was_written_meanwhile_is_answered_once()
    {
        await Eventually.IsTrueAsync(() => _world.Site.Pings > 0, "the page to be asked for a sign of life once",
            TimeSpan.FromSeconds(60));
        await _world.Site.HangUpAsync(Cancel);
        await _world.Site.WaitForNoBrowserAsync(Cancel);
        var silent = System.Diagnostics.Stopwatch.StartNew();
        var yes = await _world.Site.CustomerWritesAsync(Asha, "Asha", "yes", cancel: Cancel);
        await _world.SaysAsync("does not answer", Cancel);
        Assert.InRange(silent.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));

        await _world.CapturedAsync(yes, Cancel);
        await _world.AnsweredAsync(Cancel);
        OneOrderAndOneReplyFor(replies: 2);
        Assert.Equal(1, _world.Count("SELECT count(*) FROM troubles WHERE what LIKE '%does not answer%'"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        _folder.Dispose();
    }

    private async Task AnswerAsync(string text)
    {
        await _world.CapturedAsync(await _world.Site.CustomerWritesAsync(Asha, "Asha", text, cancel: Cancel), Cancel);
        await _world.AnsweredAsync(Cancel);
    }

    private async Task StartAsync(string quietSeconds)
    {
        _world.AgentSettings["SAK_Turns__QuietSeconds"] = quietSeconds;
        _world.StartAgent(Shop, "INR");
        _world.AgentSettings.Clear();
        await Eventually.IsTrueAsync(
            () => _world.Agent!.Output.Contains("WhatsApp: connected", StringComparison.Ordinal),
            "the agent to be ready again");
    }

    private async Task StartAgainAndAnswerAsync()
    {
        _world.StartAgent(Shop, "INR");
        await _world.AnsweredAsync(Cancel);
    }

    /// <param name="askedOnce">False when the killed browser may have forgotten what it sent: then it is sent again
    /// under the same id, which stays one message.</param>
    private void OneOrderAndOneReplyFor(int replies, bool askedOnce = true)
    {
        Assert.Equal(1, _world.Count("SELECT count(*) FROM orders"));
        Assert.Equal(replies, _world.Site.Sent.Count);
        if (askedOnce) Assert.Empty(_world.Site.Doubled);
        Assert.Contains("A-1001", _world.Site.Sent[^1].Text);
    }
}
