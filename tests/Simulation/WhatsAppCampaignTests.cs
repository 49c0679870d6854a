using Sak.Tools.Simulate.WhatsApp;

namespace Sak.Tests.Simulation;

/// <summary>Seeds of the campaign that <c>tools -- simulate whatsapp</c> plays by the thousand.</summary>
public sealed class WhatsAppCampaignTests
{
    private const int Seeds = 40;

    [Fact]
    public async Task Whatever_customers_faults_and_kills_do_nothing_is_lost_or_doubled_and_every_fault_struck()
    {
        var results = await SimulateWhatsAppCommand.PlayAsync(1, Seeds, TestContext.Current.CancellationToken);

        Assert.Empty(
            results.SelectMany(
                r => r.Violations.Select(v => $"seed {r.Seed}: {v} (simulate whatsapp --seeds 1 --first {r.Seed})")));
        Assert.Empty(SimulateWhatsAppCommand.Faults.Except(SimulateWhatsAppCommand.Fired(results).Keys));
        Assert.True(results.Sum(r => r.Orders) > Seeds, "too few orders to prove anything");
        Assert.True(results.Sum(r => r.Kills) > Seeds * 5, "too few kills to prove anything");
    }

    [Fact]
    public async Task The_same_seed_takes_the_same_way()
    {
        var once = (await SimulateWhatsAppCommand.PlayAsync(77, 1, TestContext.Current.CancellationToken)).Single();
        var again = (await SimulateWhatsAppCommand.PlayAsync(77, 1, TestContext.Current.CancellationToken)).Single();

        Assert.Equal(once.Fired, again.Fired);
        Assert.Equal((once.Written, once.Orders, once.Replies, once.Kills),
            (again.Written, again.Orders, again.Replies, again.Kills));
    }
}
