using Sak.Agent.Dashboard;
using Sak.Agent.Loops;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Dashboard;

/// <summary>Sample statuses for the dashboard.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 8, 35, 10, TimeSpan.Zero);
    public static readonly TimeZoneInfo India = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromMinutes(330),
        "test", "test");
    public static readonly ViewState View = new(India);

    public static readonly ShopStatus Empty = new(
        "My shop", Now, WhatsAppState.Starting, "", "", new CloudStatus(CloudState.Off, "", null, 0, 0),
        new TodayCounts(0, 0, 0, 0, 0, "", 0), [], [], [], [], []);

    public static readonly ShopStatus Ordinary = new(
        "Ravi Hardware", Now, WhatsAppState.Ready, "", "",
        new CloudStatus(CloudState.Unreachable, "no answer for 8 seconds", Now.AddMinutes(-12), 4, 0),
        new TodayCounts(48, 2, 31, 1, 9, "INR 41,250.00", 6),
        [
            new("A-1009", Now.AddMinutes(-3), "Asha Traders", "5 ctn oil 1 l, 10 pcs putty 5 kg", "INR 8,450.00",
                "confirmed", false),
            new("A-1008", Now.AddMinutes(-20), "أحمد", "كرتونين زيت", "INR 2,300.00", "confirmed", true),
            new("A-1007", Now.AddHours(-30), "रमेश", "५ किलो चावल", "INR 640.00", "cancelled", true),
        ],
        [
            new("Asha Traders", "919800000001", Now.AddMinutes(-3), "yes", "Order A-1009 is confirmed 👍", "", 0),
            new("Bharat", "919800000002", Now.AddMinutes(-1), "and 2 of the big one", "", "which product", 2),
            new("田中", "", Now.AddDays(-400), "日本語のメッセージ", "ありがとう", "", 0),
        ],
        [
            new("OIL-1L", "Sunflower oil 1 l", "INR 145.00", "bottle", "ctn:12", "240"),
            new("PUT-5", "Wall putty 5 kg", "INR 260.00", "bag", "", "0"),
        ],
        [
            new(Now.AddMinutes(-12), "warning", "The cloud does not answer; SAK goes on alone."),
            new(Now.AddMinutes(-3), "information", "Order A-1009 taken."),
        ],
        [new(Now.AddMinutes(-12), "The cloud does not answer.",
            "Nothing to do: orders are kept here. If it lasts, check the internet.")])
    {
        Words =
        [
            new(new Guid(1, 0, 0, new byte[8]), "Asha Traders", "soap", "SOAP-N", "Neem Bath Soap 100 g"),
            new(new Guid(2, 0, 0, new byte[8]), "रमेश", "तेल", "OIL-9", ""),
        ],
    };

    public static ShopStatus Login { get; } = Ordinary with { WhatsApp = WhatsAppState.NeedsLogin,
        LoginCode = "2@" + new string('x',
        150) + ",Y2hhbGxlbmdl/abc+def=,key,secret==" };

    // One text shared by all rows: one text a row took two gigabytes for the whole run.
    private static readonly string Name = new('c', 300);
    private static readonly string Page = new('p', 10_000);
    private static readonly string Long = new('w', 100_000);
    private static readonly string Next = string.Join(' ', Enumerable.Repeat("next", 3_000));

    /// <summary>Thousands of rows, texts of 100 kB.</summary>
    public static ShopStatus Huge { get; } = Ordinary with
    {
        Shop = Long,
        Today = new TodayCounts(int.MaxValue, int.MaxValue, int.MaxValue, 1, int.MaxValue, "INR 999,999,999,999.00", 1),
        Orders =
            [.. Enumerable.Range(0, 5_000)
                .Select(i =>
                    new OrderSummary($"A-{i}", Now.AddMinutes(-i), Name, Long, "INR 1.00", "confirmed", i % 2 == 0))],
        Chats = [.. Enumerable.Range(0, 5_000)
            .Select(i => new ChatRow($"Customer {i}", "91", Now.AddMinutes(-i), Long, Page, "quantity", i))],
        Catalog =
            [.. Enumerable.Range(0, 5_000)
                .Select(i => new ProductSummary($"SKU-{i}", Name, "INR 1.00", "pcs", Name, "-5"))],
        Words = [.. Enumerable.Range(0, 5_000).Select(i => new WordRow(Guid.Empty, Name, Page, "SKU-1", Name))],
        Log = [.. Enumerable.Range(0, 5_000).Select(i => new LogRow(Now.AddSeconds(-i), "error", Page))],
        Troubles = [.. Enumerable.Range(0, 500).Select(i => new Trouble(Now.AddSeconds(-i), Page, Next))],
    };

    public const string Poison =
        "[red]5 ctn[/] [/][[ \e[31mred\e[2J\e[10;10Hjump \e]0;title\a \e]8;;http://evil\e\\link "
            + "\u009b31m\u0007\b\r\nsecond line\t\u202eesrever\u200f\u2066 "
                + "a\u0301\u0302\u0303\u0304\u0305\u0306\u0307 👨\u200d👩\u200d👧 \ufeff\0 \ud800 日本 {0} }{";

    public static ShopStatus Evil { get; } = Ordinary with
    {
        Shop = Poison, WhatsAppDetail = Poison, Cloud = Ordinary.Cloud with { Detail = Poison },
        Today = Ordinary.Today with { Revenue = Poison },
        Orders = [new(Poison, Now, Poison, Poison, Poison, Poison, false)],
        Chats = [new(Poison, Poison, Now, Poison, Poison, Poison, -1)],
        Catalog = [new(Poison, Poison, Poison, Poison, Poison, Poison)],
        Words = [new(Guid.Empty, Poison, Poison, Poison, Poison)],
        Log = [new(DateTimeOffset.MaxValue, Poison, Poison), new(DateTimeOffset.MinValue, Poison, Poison)],
        Troubles = [new(Now, Poison, Poison)],
    };

    public static string TextOf(ShopStatus status, ViewState view, int width, int height) =>
        Draw(status, view, width, height).Text;

    /// <summary>Draws with the real screen on a terminal in memory.</summary>
    public static VirtualTerminal Draw(ShopStatus status, ViewState view, int width, int height)
    {
        var terminal = new VirtualTerminal(width, height);
        new Screen(terminal).Draw(DashboardView.Draw(status, view, width, height), width, height);
        return terminal;
    }
}
