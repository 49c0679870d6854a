using Sak.Sync.Wire;

namespace Sak.Tools.Demo;

/// <summary>An order that must exist at the end: a customer's base quantities by SKU.</summary>
public sealed record Expected(string Phone, bool InOutage, IReadOnlyDictionary<string, decimal> Lines);

/// <summary>
/// The scripted afternoon: one order with the cloud, the cloud killed, meanwhile orders in four languages and one that
/// is only begun, the cloud back, the last confirmation. Prints each step.
/// </summary>
public sealed class Afternoon(DemoWorld world, DemoScreen screen)
{
    private readonly List<Expected> _expected = [];
    private readonly List<string> _written = [];
    private readonly List<string> _ofModel = [];

    /// <summary>Ids of every message that a customer wrote to the shop.</summary>
    public IReadOnlyList<string> Written => _written;

    public IReadOnlyList<Expected> ExpectedOrders => _expected;

    /// <summary>The spectator was told that the cloud's model answers.</summary>
    public bool ModelAnnounced { get; private set; }

    /// <summary>Whose words the cloud's model answered: "Asha: yes".</summary>
    public IReadOnlyList<string> OfModel => _ofModel;

    public int KilledProcess { get; private set; }

    public int KilledExitCode { get; private set; }

    public async Task PlayAsync(CancellationToken cancel)
    {
        screen.Step("Asha orders; the cloud's model answers");
        ModelAnnounced = true;
        await SayAsync("919800000001", "Asha", cancel, "hi, 3 ctn biscuits and 2 sugar pls");
        await SayAsync("919800000001", "Asha", cancel, "yes");
        Expect("919800000001", false, ("BIS-1", 144), ("SUG-1", 2));

        screen.Step("The cloud is killed (SIGKILL)");
        await KillCloudAsync();

        await OrderInOutageAsync(cancel);
        await OrderInOwnLanguagesAsync(cancel);
        await WriteOtherThingsAsync(cancel);

        screen.Step("Gita begins an order while the cloud is away");
        await SayAsync("919800000007", "Gita", cancel, "4 milk");

        screen.Step("The cloud is back");
        await world.StartServerAsync(cancel);
        screen.Say("cloud", $"process {world.Server!.Id} serves again; the orders of the outage are on their way");
        await world.SyncedAsync(cancel);

        screen.Step("Gita says yes; nothing is asked again");
        await SayAsync("919800000007", "Gita", cancel, "yes");
        Expect("919800000007", false, ("MLK-1", 4));
        await world.SyncedAsync(cancel);
    }

    private async Task OrderInOutageAsync(CancellationToken cancel)
    {
        screen.Step("Bilal orders in several messages");
        await SayAsync("919800000002", "Bilal", cancel, "hello", "5 ctn oil n 2 sugar", "and 10 kg onions");
        await SayAsync("919800000002", "Bilal", cancel, "haan yes");
        Expect("919800000002", true, ("OIL-1", 60), ("SUG-1", 2), ("ONI", 10));

        screen.Step("Carla corrects herself");
        await SayAsync("5215500000003", "Carla", cancel, "3 black tea and 1 sack rice");
        await SayAsync("5215500000003", "Carla", cancel, "no make it 5 tea");
        await SayAsync("5215500000003", "Carla", cancel, "yes");
        Expect("5215500000003", true, ("TEA-500", 5), ("RIC-5", 6));

        screen.Step("Dev is unsure, so SAK asks");
        await SayAsync("919800000004", "Dev", cancel, "6 soap");
        await SayAsync("919800000004", "Dev", cancel, "the neem one");
        await SayAsync("919800000004", "Dev", cancel, "yes");
        Expect("919800000004", true, ("SOAP-N", 6));
    }

    private async Task OrderInOwnLanguagesAsync(CancellationToken cancel)
    {
        screen.Step("A Hindi, an Arabic and a Spanish customer order in their own words");
        await SayAsync("919800000008", "हरि", cancel, "मुझे 2 किलो प्याज और 3 चीनी चाहिए");
        await SayAsync("919800000008", "हरि", cancel, "हाँ");
        Expect("919800000008", true, ("ONI", 2), ("SUG-1", 3));
        await SayAsync("966500000009", "ليلى", cancel, "٣ كرتون زيت و ٢ سكر");
        await SayAsync("966500000009", "ليلى", cancel, "نعم");
        Expect("966500000009", true, ("OIL-1", 36), ("SUG-1", 2));
        await SayAsync("5215500000010", "Inés", cancel, "3 cajas de aceite y 2 arroz por favor");
        await SayAsync("5215500000010", "Inés", cancel, "sí");
        Expect("5215500000010", true, ("OIL-1", 36), ("RIC-5", 2));
    }

    private async Task WriteOtherThingsAsync(CancellationToken cancel)
    {
        screen.Step("A voice note, a price question and a group, none of them an order");
        await VoiceNoteAsync("919800000005", "Esha", cancel);
        await SayAsync("919800000006", "Farid", cancel, "how much is milk?");
        await world.Site.CustomerWritesAsync(
            new FakeWhatsApp.CustomerMessage("919800000006", "Farid", "100 ctn oil")
                { Into = "120363000000000001@g.us" },
            cancel: cancel);
    }

    private async Task KillCloudAsync()
    {
        var cloud = world.Server!;
        KilledProcess = cloud.Id;
        await cloud.KillAsync();
        KilledExitCode = cloud.ExitCode;
        await cloud.DisposeAsync();
        screen.Say("cloud", $"process {KilledProcess} is dead (exit code {KilledExitCode})");
    }

    private async Task SayAsync(string phone, string name, CancellationToken cancel, params string[] messages)
    {
        var before = world.Site.Sent.Count(s => s.ChatId == phone + "@c.us");
        foreach (var text in messages)
        {
            screen.Say(name, text);
            var id = await world.Site.CustomerWritesAsync(phone, name, text, cancel: cancel);
            _written.Add(id);
            await world.CapturedAsync(id, cancel);
        }

        await ShowAnswersAsync(phone, $"{name}: {string.Join(" / ", messages)}", before, cancel);
    }

    private async Task VoiceNoteAsync(string phone, string name, CancellationToken cancel)
    {
        screen.Say(name, "(a voice note)");
        var id = await world.Site.CustomerWritesAsync(
            new FakeWhatsApp.CustomerMessage(phone, name, "") { Type = "ptt" }, cancel: cancel);
        _written.Add(id);
        await world.CapturedAsync(id, cancel);
        await ShowAnswersAsync(phone, $"{name}: (a voice note)", 0, cancel);
    }

    private async Task ShowAnswersAsync(string phone, string words, int before, CancellationToken cancel)
    {
        await world.AnsweredAsync(cancel);
        foreach (var answer in world.Site.Sent.Where(s => s.ChatId == phone + "@c.us").Skip(before))
            screen.Say("shop", answer.Text);
        var byModel = world.RepliedBy(_written[^1]) == Reply.ByModel;
        if (byModel) _ofModel.Add(words);
        screen.Note(byModel ? "answered by the cloud's model" : "answered by the PC's reader");
    }

    private void Expect(string phone, bool inOutage, params (string Sku, decimal Quantity)[] lines) =>
        _expected.Add(new Expected(phone, inOutage, lines.ToDictionary(l => l.Sku, l => l.Quantity)));
}
