using System.CommandLine;
using Microsoft.Extensions.Logging;
using Sak.Agent.Dashboard;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Serilog;

namespace Sak.Agent.Commands;

/// <summary>run: the shop is open until the owner closes it.</summary>
internal static class RunCommand
{
    private const int LogFilesKept = 14;

    public static Command Create()
    {
        var plain = new Option<bool>("--no-tui")
        {
            Description = "Print lines instead of drawing the dashboard (also when the output is not a terminal).",
        };
        var takeOver = new Option<bool>("--take-over")
        {
            Description = "Answer from this PC from now on, even if another PC of the shop does.",
        };
        var command = new Command("run",
            "Opens the shop: WhatsApp, answers, orders, sync, and the dashboard. This is the default.")
                { plain, takeOver };
        command.Run(
            (line, settings, cancel) =>
                RunAsync(settings, line.GetValue(plain) || !DashboardLoop.IsPossible, line.GetValue(takeOver), cancel));
        return command;
    }

    public static Func<IWhatsApp> OpenWhatsApp(AgentSettings settings, ILoggerFactory logs) =>
        () => new WhatsAppWeb(Options(settings), TimeProvider.System, logs.CreateLogger<WhatsAppWeb>());

    public static WhatsAppOptions Options(AgentSettings settings) => new(
        settings.WhatsApp.Address.ToString(), settings.WhatsApp.Browser, settings.WhatsApp.ProfileFolder,
        settings.WhatsApp.Headless,
        settings.WhatsApp.BundlePath, settings.DataFolder);

    /// <summary>The browser that run would use. Throws <see cref="WhatsAppException"/>.</summary>
    public static async Task<string> FindBrowserAsync(AgentSettings settings)
    {
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        return Browsers.Find(settings.WhatsApp.Browser, playwright.Chromium.ExecutablePath);
    }

    /// <summary>The bundle that run would use. Throws <see cref="WhatsAppException"/>.</summary>
    public static string FindBundle(AgentSettings settings) =>
        BridgeBundle.Find(settings.WhatsApp.BundlePath, settings.DataFolder);

    private static async Task<int> RunAsync(AgentSettings settings, bool plain, bool takeOver, CancellationToken cancel)
    {
        using var one = DataLock.Take(settings.DataFolder);
        var clock = TimeProvider.System;
        using var recent = new RecentLog(clock);
        using var logs = OpenLogs(settings, recent);
        await using var shop = Shop.Open(settings, OpenWhatsApp(settings, logs), logs, recent, clock, takeOver, Ring,
            one);

        using var closing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var work = shop.RunAsync(closing.Token);
        if (plain) await new PlainLog(Console.Out, clock).RunAsync(shop.StatusAsync, cancel);
        else await DashboardLoop.RunAsync(shop.StatusAsync,
            new ChatKeys(shop.Desk, shop.Files, ChatKeys.Start).ObeyAsync, new WordKeys(shop.Db).ObeyAsync, clock,
            cancel);

        await SettleAsync(shop.Link.LinkedAt, settings.WhatsApp.Settles, clock);
        await Console.Out.WriteLineAsync(
            "Closing the shop; what is not sent or synced yet goes out at the next start.");
        await closing.CancelAsync();
        await work;
        return 0;
    }

    // To the error stream, because the dashboard draws on the output stream. A file needs no bell.
    private static void Ring()
    {
        if (!Console.IsErrorRedirected) Console.Error.Write('\a');
    }

    // Deliberately ignores the cancellation that closes the shop. An owner who can't wait kills the program.
    private static async Task SettleAsync(DateTimeOffset? linked, TimeSpan settles, TimeProvider clock)
    {
        if (linked is null || linked + settles - clock.GetUtcNow() is not { Ticks: > 0 } left) return;
        await Console.Out.WriteLineAsync(
            "The phone was linked just now and WhatsApp is still storing the login; the shop closes in "
                + $"{left.TotalSeconds:0} seconds. Ended sooner, the phone may have to be linked again.");
        await Task.Delay(left, clock, CancellationToken.None);
    }

    private static ILoggerFactory OpenLogs(AgentSettings settings, RecentLog recent)
    {
        Directory.CreateDirectory(settings.Log.Folder);
        var file = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.File(Path.Combine(settings.Log.Folder, "sak-agent-.log"), rollingInterval: RollingInterval.Day,
                retainedFileCountLimit: LogFilesKept, formatProvider: System.Globalization.CultureInfo.InvariantCulture)
            .CreateLogger();
        return LoggerFactory.Create(
            logging => logging.SetMinimumLevel(settings.Log.Level).AddSerilog(file, dispose: true).AddProvider(recent));
    }
}
