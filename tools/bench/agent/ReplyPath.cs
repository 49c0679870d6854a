using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// Message in the page → reply in the page, through Chromium and the real wa-js, with the offline reader and no quiet
/// window. The floor is an echo on the same page, measured in turn: it receives and sends at once, and neither stores
/// nor reads.
/// </summary>
internal sealed class ReplyPath(string folder, int messages, TimeSpan most)
{
    private const int Blocks = 2;
    private const int Warmup = 5;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly List<double> _agent = [];
    private readonly List<double> _echo = [];
    private int _customer;

    public async Task RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await ImportAsync(cancel);
        await using var site = await FakeWhatsAppSite.StartAsync(cancel: cancel);
        await LinkAsync(site, cancel);
        for (var block = 0; block < Blocks; block++)
        {
            await EchoAsync(site, cancel);
            await AgentAsync(site, cancel);
        }

        Figure.Print("reply_path", _agent, _echo, "an echo through the same browser, page and wa-js");
    }

    private WhatsAppWeb Open(FakeWhatsAppSite site) => new(
        new WhatsAppOptions(site.Address, "auto", Path.Combine(folder, "profile"), Headless: true, Setup.Bundle,
            folder), TimeProvider.System, NullLogger<WhatsAppWeb>.Instance);

    private async Task ImportAsync(CancellationToken cancel)
    {
        await using var db = OpenReplica.At(Path.Combine(folder, "shop.db"), TimeProvider.System);
        using var catalog = File.OpenText(Demo.DemoCommand.Catalog);
        await CatalogImport.RunAsync(db, catalog, "INR", TimeProvider.System, cancel);
    }

    private async Task LinkAsync(FakeWhatsAppSite site, CancellationToken cancel)
    {
        await using var page = Open(site);
        await page.OpenAsync(cancel);
        await site.LoginAsync(cancel);
        await ReadyAsync(page, cancel);
    }

    private async Task EchoAsync(FakeWhatsAppSite site, CancellationToken cancel)
    {
        await using var page = Open(site);
        await page.OpenAsync(cancel);
        await ReadyAsync(page, cancel);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var echoing = Task.Run(
            async () =>
            {
                await foreach (var what in page.Events.ReadAllAsync(life.Token))
                    if (what is WhatsAppEvent.Received { Message: { FromMe: false } heard })
                        await page.SendTextAsync(heard.ChatId, heard.Text, MessageIds.New(heard.ChatId),
                            life.Token);
            },
            life.Token);
        await WriteAsync(site, _echo, cancel);
        await life.CancelAsync();
        await echoing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AgentAsync(FakeWhatsAppSite site, CancellationToken cancel)
    {
        var settings = AgentSettings.Load(
            [$"--Agent:DataFolder={folder}", "--Turns:QuietSeconds=0", "--Send:TypingSeconds=0",
                "--Send:PerMinute=1000"], folder, new Dictionary<string, string>()).Settings!;
        await using var shop = Shop.Open(settings, () => Open(site), NullLoggerFactory.Instance,
            new RecentLog(TimeProvider.System), TimeProvider.System);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var work = shop.RunAsync(life.Token);
        while (shop.Link.Ready is null || shop.Link.Now.CatchingUp)
        {
            if (_watch.Elapsed > most)
                throw new SetupException("The agent did not get ready in time; nothing was measured.");
            await Task.Delay(20, cancel);
        }

        await WriteAsync(site, _agent, cancel);
        await life.CancelAsync();
        await work;
    }

    // A new customer each time, so that a reply does not wait for the pace of the chat.
    private async Task WriteAsync(FakeWhatsAppSite site, List<double> times, CancellationToken cancel)
    {
        for (var i = 0; i < Warmup + (messages / Blocks) && _watch.Elapsed < most; i++)
        {
            var phone = $"9198{++_customer:00000000}";
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            patience.CancelAfter(TimeSpan.FromSeconds(20));
            var start = Stopwatch.GetTimestamp();
            var writing = site.CustomerWritesAsync(phone, "Asha", "2 sugar and 3 salt", cancel: patience.Token);
            await site.WaitForSentAsync(phone, 1, patience.Token);
            if (i >= Warmup) times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await writing;
        }
    }

    private static async Task ReadyAsync(WhatsAppWeb page, CancellationToken cancel)
    {
        await foreach (var what in page.Events.ReadAllAsync(cancel))
            if (what is WhatsAppEvent.StateChanged { State: WhatsAppState.Ready }) return;
    }
}
