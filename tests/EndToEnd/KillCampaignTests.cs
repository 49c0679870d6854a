using Sak.Tests.Browser;
using Sak.Tests.Support;
using Sak.Tools.Simulate.WhatsApp;

namespace Sak.Tests.EndToEnd;

/// <summary>
/// Twenty seeds of the campaign with only WhatsApp itself replaced: the agent as a process, Chromium, the real bundle,
/// and a SIGKILL at a random moment of each. See also <c>tools -- simulate whatsapp --browser --seeds N</c>.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class KillCampaignTests : IDisposable
{
    private const int Seeds = 20;
    private readonly Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_at_random_among_faults_the_real_agent_loses_and_doubles_nothing_and_every_fault_struck()
    {
        await SkipWithoutABrowserAsync();
        await using var campaign = await BrowserCampaign.OpenAsync(_folder.Path, Cancel);

        for (var seed = 1; seed <= Seeds; seed++)
        {
            await campaign.PlayAsync(seed, Cancel);
            Assert.Empty(campaign.Found);
        }

        await campaign.EndAsync(Cancel);
        Assert.Empty(campaign.Found);
        TestContext.Current.SendDiagnosticMessage(
            $"{campaign.Written} messages, {campaign.Orders} orders; "
                + $"{string.Join(", ", campaign.Fired.Select(f => $"{f.Key} {f.Value}"))}");
        Assert.Empty(BrowserCampaign.Kinds.Except(campaign.Fired.Keys));
        Assert.Equal(Seeds, campaign.Fired["killed"]);
        Assert.True(campaign.Orders > 5, "too few orders to prove anything");
    }

    [Fact]
    public async Task Six_hundred_messages_that_waited_in_thirty_chats_are_captured_through_Chromium_with_none_lost()
    {
        await SkipWithoutABrowserAsync();
        var result = await Backlog.RunAsync(_folder.Path, 600, 30, TimeSpan.FromMinutes(2), Cancel);

        TestContext.Current.SendDiagnosticMessage($"{result}");
        Assert.Equal((0, 0), (result.Lost, result.Doubled));
        if (OperatingSystem.IsLinux()) Assert.InRange(result.AgentMb, 1, 200);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task SkipWithoutABrowserAsync()
    {
        var whyNot = await Phone.WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
    }
}
