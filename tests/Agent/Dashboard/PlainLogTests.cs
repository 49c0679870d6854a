using Sak.Agent.Dashboard;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Agent.Dashboard;

public sealed class PlainLogTests
{
    private readonly StringWriter _output = new();
    private readonly PlainLog _log;

    public PlainLogTests() => _log = new PlainLog(_output, TimeProvider.System);

    [Fact]
    public void The_same_status_twice_is_told_once()
    {
        _log.Show(Samples.Ordinary);
        var first = Told();

        _log.Show(Samples.Ordinary with { Now = Samples.Now.AddSeconds(1) });

        Assert.Equal(["WhatsApp: connected", "Cloud: away, orders are kept on this PC (no answer for 8 seconds)",
            "Problem: The cloud does not answer. → Nothing to do: orders are kept here. If it lasts, check the "
                + "internet."], first);
        Assert.Empty(Told());
    }

    [Fact]
    public void What_changes_is_a_line_each()
    {
        _log.Show(Samples.Ordinary);
        Told();

        _log.Show(Samples.Ordinary with
        {
            WhatsApp = WhatsAppState.Offline,
            Cloud = Samples.Ordinary.Cloud with { State = CloudState.Connected, Detail = "" },
            Today = Samples.Ordinary.Today with { Messages = 49 },
            Orders = [new OrderSummary("A-1010", Samples.Now, "Meena\e[2J", "1 bag", "INR 260.00", "confirmed", false),
                Samples.Ordinary
                .Orders[0] with { Status = "cancelled" }],
        });

        Assert.Equal(
            ["WhatsApp: no connection", "Cloud: connected",
                "Order A-1009 cancelled: Asha Traders, 5 ctn oil 1 l, 10 pcs putty 5 kg, INR 8,450.00",
            "Order A-1010 confirmed: Meena, 1 bag, INR 260.00",
            "Today: 49 messages, 2 waiting, 31 replies, 9 orders INR 41,250.00"], Told());
    }

    [Fact]
    public void A_login_code_is_drawn_once_and_again_when_it_is_another()
    {
        _log.Show(Samples.Login);
        _log.Show(Samples.Login);
        var text = _output.ToString();
        _log.Show(Samples.Login with { LoginCode = "2@another" });

        Assert.Single(text.Split("Scan this code: WhatsApp on the phone → Linked devices → Link a device").Skip(1));
        Assert.Contains(
            string.Join(Environment.NewLine,
                new LoginCodePicture(Samples.Login.LoginCode).Lines().Select(l => "  " + l)), text);
        Assert.Contains(new LoginCodePicture("2@another").Lines().Skip(5).First(), _output.ToString());
        Assert.DoesNotContain('\e', text);
    }

    [Fact]
    public async Task A_failed_reading_is_told_once_and_reading_goes_on()
    {
        using var stop = new CancellationTokenSource();
        var reads = 0;

        var run = _log.RunAsync(async _ =>
        {
            if (++reads == 3) await stop.CancelAsync();
            return reads < 3 ? throw new IOException("locked") : Samples.Ordinary;
        }, stop.Token);
        await run.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Single(Told(), line => line.Contains("could not be read: locked"));
    }

    private List<string> Told()
    {
        var lines = _output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l[21..]).ToList();
        _output.GetStringBuilder().Clear();
        return lines;
    }
}
