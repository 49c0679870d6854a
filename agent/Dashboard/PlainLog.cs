using System.Globalization;
using Sak.Agent.Loops;
using Sak.Agent.Status;

namespace Sak.Agent.Dashboard;

/// <summary>
/// The dashboard for --no-tui and for output into a file: one line for each change since the last
/// status, nothing twice.
/// </summary>
public sealed class PlainLog(TextWriter output, TimeProvider clock)
{
    private const int Remembered = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _told = [];
    private ShopStatus? _last;
    private string _unreadable = "";

    /// <summary>Prints until it is cancelled. Reads about once a second; a failed reading is a line too.</summary>
    public async Task RunAsync(Func<CancellationToken, Task<ShopStatus>> read, CancellationToken cancel)
    {
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                await ShowNextAsync(read, cancel);
                await Task.Delay(Pause, clock, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The agent closes.
        }
    }

    /// <summary>Prints what this status adds.</summary>
    public void Show(ShopStatus status)
    {
        // A line that is no longer in the status can't come again; forgetting it keeps memory flat over months.
        if (_told.Count > Remembered) KeepOnly(_last);
        var times = new Times(clock.LocalTimeZone, status.Now);
        var (whatsApp, cloud) = (Header.WhatsApp(status).Words, CloudWords(status.Cloud, times));
        if (_last is null || Header.WhatsApp(_last).Words != whatsApp) Print(status.Now, $"WhatsApp: {whatsApp}");
        if (_last is null || CloudWords(_last.Cloud, times) != cloud) Print(status.Now, $"Cloud: {cloud}");
        if (status.LoginCode.Length > 0 && status.LoginCode != _last?.LoginCode) PrintCode(status);
        foreach (var order in status.Orders.OrderBy(o => o.PlacedAt)) ShowOrder(order);
        foreach (var trouble in status.Troubles.OrderBy(t => t.At)) ShowTrouble(trouble);
        if (_last is not null
            && (_last.Today.Messages != status.Today.Messages || _last.Today.Replies != status.Today.Replies))
            PrintCounts(status);
        _last = status;
        output.Flush();
    }

    private async Task ShowNextAsync(Func<CancellationToken, Task<ShopStatus>> read, CancellationToken cancel)
    {
        try
        {
            Show(await read(cancel));
            _unreadable = "";
        }
        catch (Exception why) when (!cancel.IsCancellationRequested)
        {
            if (why.Message == _unreadable) return;
            _unreadable = why.Message;
            Print(clock.GetUtcNow(),
                $"Problem: the shop's figures could not be read: {ScreenText.Clean(why.Message)} → SAK tries again "
                    + "each second; if this stays, run: sak-agent doctor");
            await output.FlushAsync(cancel);
        }
    }

    // Orders placed before this start were printed then.
    private void ShowOrder(OrderSummary order)
    {
        if (!IsNew(Name(order)) || _last is null) return;
        Print(order.PlacedAt,
            $"Order {Clean(order.Number)} {Clean(order.Status)}: {Clean(order.Customer)}, {Clean(order.Lines)}, "
                + $"{Clean(order.Total)}");
    }

    private void ShowTrouble(Trouble trouble)
    {
        if (!IsNew(Name(trouble))) return;
        Print(trouble.At,
            $"Problem: {Clean(trouble.What)}{(trouble.Next.Length > 0 ? $" → {Clean(trouble.Next)}" : "")}");
    }

    private void PrintCode(ShopStatus status)
    {
        Print(status.Now, "Scan this code: WhatsApp on the phone → Linked devices → Link a device");
        output.WriteLine();
        foreach (var line in new LoginCodePicture(status.LoginCode).Lines()) output.WriteLine("  " + line);
        output.WriteLine();
    }

    private void PrintCounts(ShopStatus status)
    {
        var today = status.Today;
        Print(status.Now,
            ($"Today: {today.Messages} messages, {today.Waiting} waiting, {today.Replies} replies, "
                + $"{today.Orders} orders {Clean(today.Revenue)}").TrimEnd());
    }

    private bool IsNew(string what) => _told.Add(what);

    private void KeepOnly(ShopStatus? status)
    {
        if (status is null) return;
        _told.Clear();
        _told.UnionWith(status.Orders.Select(Name));
        _told.UnionWith(status.Troubles.Select(Name));
    }

    private static string Name(OrderSummary order) => $"order {order.Number} {order.Status}";

    private static string Name(Trouble trouble) => $"trouble {trouble.At.UtcTicks} {trouble.What}";

    private void Print(DateTimeOffset at, string text) =>
        output.WriteLine(
            TimeZoneInfo.ConvertTime(at, clock.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + "  " + text);

    // Without "last seen", which changes with time alone.
    private static string CloudWords(CloudStatus cloud, Times times) =>
        Header.Cloud(cloud with { LastContact = null }, times).Words;

    private static string Clean(string text) => ScreenText.Clean(text);
}
