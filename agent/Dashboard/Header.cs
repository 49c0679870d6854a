using System.Globalization;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Spectre.Console;

namespace Sak.Agent.Dashboard;

/// <summary>
/// The top of the screen: the shop's name, the time, the state of WhatsApp and of the cloud, and the day's figures.
/// </summary>
internal static class Header
{
    public static Line Title(ShopStatus status, Times times) =>
        new Line(Ink.Title).Add(" SAK  ").Add(ScreenText.Clean(status.Shop)).AddRight(times.Now + " ");

    public static IReadOnlyList<Line> Connections(ShopStatus status, Times times, int width)
    {
        var (whatsApp, cloud) = (WhatsApp(status), Cloud(status.Cloud, times));
        return width >= 100
            ? [Put(Put(new Line(), "WhatsApp", whatsApp).Add("     "), "Cloud", cloud)]
            : [Put(new Line(), "WhatsApp", whatsApp), Put(new Line(), "Cloud   ", cloud)];
    }

    /// <summary>As colour and words: colour alone is lost on some terminals and on some readers.</summary>
    public static (string Words, Style Style) WhatsApp(ShopStatus status)
    {
        var (words, style) = status.WhatsApp switch
        {
            WhatsAppState.Ready => ("connected", Ink.Good),
            WhatsAppState.Starting => ("starting", Ink.Waiting),
            WhatsAppState.NeedsLogin => ("waits for your phone to scan the code", Ink.Waiting),
            WhatsAppState.Syncing => ("reading messages", Ink.Waiting),
            WhatsAppState.Offline => ("no connection", Ink.Bad),
            WhatsAppState.LoggedOut => ("logged out", Ink.Bad),
            WhatsAppState.Changed => ("has changed, SAK needs an update", Ink.Bad),
            _ => ("closed", Ink.Dim),
        };
        return (With(words, status.WhatsAppDetail), style);
    }

    public static (string Words, Style Style) Cloud(CloudStatus cloud, Times times)
    {
        var (words, style) = cloud.State switch
        {
            CloudState.Connected => ("connected", Ink.Good),
            CloudState.Loading => ("loading the shop's data", Ink.Waiting),
            CloudState.Unreachable => ("away, orders are kept on this PC", Ink.Waiting),
            CloudState.Refused => ("refuses this PC", Ink.Bad),
            _ => ("not used", Ink.Dim),
        };
        if (cloud is { State: CloudState.Unreachable, LastContact: { } last })
            words += $", last seen {times.Short(last)}";
        words = With(words, cloud.Detail);
        return (cloud.Parked > 0 ? $"{words} · {cloud.Parked} refused" : words, style);
    }

    public static IReadOnlyList<Line> Figures(ShopStatus status, int width)
    {
        var figures = All(status);
        if (width >= 100) return [Row(figures)];
        return [Row(figures[..4]), Row(figures[4..])];
    }

    private static (string Name, string Value, Style Style)[] All(ShopStatus status)
    {
        var today = status.Today;
        return
        [
            ("Messages", Number(today.Messages), Ink.Bold),
            ("Waiting", Number(today.Waiting), today.Waiting > 0 ? Ink.Waiting : Ink.Bold),
            ("Replies", Number(today.Replies), Ink.Bold),
            ("Orders", Number(today.Orders), Ink.Bold),
            ("Revenue", ScreenText.Clean(today.Revenue) is { Length: > 0 } money ? money : "–", Ink.Bold),
            ("Not in the cloud yet", Number(status.Cloud.Unsynced), status.Cloud.Unsynced > 0 ? Ink.Waiting : Ink.Bold),
        ];
    }

    private static Line Row((string Name, string Value, Style Style)[] figures)
    {
        var line = new Line().Add(" ");
        foreach (var (name, value, style) in figures) line.Add(name + " ", Ink.Dim).Add(value, style).Add("   ");
        return line;
    }

    private static Line Put(Line line, string name, (string Words, Style Style) state) =>
        line.Add(" ").Add("● ", state.Style).Add(name + " ").Add(state.Words, state.Style);

    private static string With(string words, string detail) =>
        ScreenText.Clean(detail) is { Length: > 0 } more ? $"{words} ({more})" : words;

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
