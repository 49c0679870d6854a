using Sak.Tests.Browser;
using Sak.Tests.Support;
using Sak.Tools.Demo;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.EndToEnd;

/// <summary>
/// A few seeds of the campaign with nothing replaced but WhatsApp itself: the agent as a process, Chromium, the real
/// bundle; SIGKILL at random moments. Audited against what the site knows that customers wrote and were sent.
/// </summary>
[Collection(ProcessTests.Name)]
public sealed class KillCampaignTests : IAsyncDisposable
{
    private const string Shop = "Campaign Stores";
    private const int Customers = 5;
    private static readonly string[] Texts = ["2 sugar", "3 salt", "yes", "yes", "5 ctn oil", "hello", "and 4 milk", "cancel my order"];
    private readonly Folder folder = new();
    private readonly List<string> written = [];
    private DemoWorld world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Killed_at_random_moments_among_faults_the_real_agent_loses_and_doubles_nothing(int seed)
    {
        var whyNot = await Phone.WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        var chance = new Random(seed);
        await OpenAsync();

        for (var kill = 0; kill < 2; kill++)
        {
            await WriteAsync(chance, 8);
            await Task.Delay(chance.Next(0, 2500), Cancel); // The moment of the kill is the point, whatever happens then.
            await world.KillAgentAsync();
            await WriteAsync(chance, 3);
            world.StartAgent(Shop, "INR");
        }

        await CalmAsync();
        Audit(seed);
        await VerifyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (world is not null) await world.DisposeAsync();
        folder.Dispose();
    }

    private async Task OpenAsync()
    {
        world = await DemoWorld.OpenAsync(folder.Path, "sqlite", "", Cancel);
        world.AgentSettings["SAK_Send__PerMinute"] = "1000";
        await world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, Cancel);
        world.StartAgent(Shop, "INR");
        await world.LinkPhoneAsync(Cancel);
        await Eventually.IsTrueAsync(() => world.Agent!.Output.Contains("WhatsApp: connected", StringComparison.Ordinal), "the agent to be ready");
        // A login that is seconds old is not on the disk yet, in this browser as in the owner's.
        await world.EndAgentAsync();
        world.StartAgent(Shop, "INR");
    }

    private async Task WriteAsync(Random chance, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var how = chance.Next(6) switch { 0 => Delivery.Silent, 1 => Delivery.Twice, 2 => new Delivery(DelayMs: chance.Next(100, 3000)), _ => Delivery.Normal };
            if (chance.Next(6) == 0) world.Site.Faults.LoseAcks++;
            if (chance.Next(6) == 0) world.Site.Faults.FailSends++;
            var phone = $"91980000000{chance.Next(Customers)}";
            written.Add(await world.Site.CustomerWritesAsync(phone, "", Texts[chance.Next(Texts.Length)], how, Cancel));
            await Task.Delay(chance.Next(0, 600), Cancel);
        }
    }

    private async Task CalmAsync()
    {
        (world.Site.Faults.LoseAcks, world.Site.Faults.FailSends) = (0, 0);
        foreach (var id in written) await world.CapturedAsync(id, Cancel);
        await world.AnsweredAsync(Cancel);
    }

    // The agent's own comparison with WhatsApp Web's store comes to the same.
    private async Task VerifyAsync()
    {
        await world.EndAgentAsync();
        var (code, output) = await world.RunAgentAsync(Shop, "INR", Cancel, "verify");
        Assert.True(code == 0, output);
        Assert.Matches($@"in WhatsApp\s+{written.Count}\b", output);
        Assert.Contains("They agree.", output);
    }

    private void Audit(int seed)
    {
        var captured = world.Rows("SELECT id FROM messages WHERE from_me = 0", r => r.GetString(0));
        Assert.Equal(written.Order(), captured.Order());
        var queued = world.Rows("SELECT message_id, text, state FROM outbox", r => (Id: r.GetString(0), Text: r.GetString(1), State: r.GetString(2)));
        // A browser that is killed between the wire and its own store forgets what it sent. SAK then sends it again under the
        // same id, which WhatsApp keeps as one message; never under another one, and the site has each id once.
        Assert.All(world.Site.Doubled, d => Assert.Contains(queued, q => q.Id == d.Id));
        Assert.Equal(queued.Where(q => q.State == "sent").Select(q => q.Id).Order(), world.Site.Sent.Select(s => s.Id).Order());
        Assert.All(world.Site.Sent, s => Assert.Equal(queued.Single(q => q.Id == s.Id).Text, s.Text));
        Assert.All(queued, q => Assert.Equal("sent", q.State));
        foreach (var number in world.Rows("SELECT number FROM orders", r => r.GetString(0)))
            Assert.True(queued.Count(q => q.Text.Contains(number, StringComparison.Ordinal)) == 1, $"seed {seed}: order {number} was not told once");
    }
}
