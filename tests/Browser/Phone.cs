using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>
/// A shop's WhatsApp for a test: the stand-in page, a profile folder, and the real browser with the real bridge.
/// </summary>
public sealed class Phone : IAsyncDisposable
{
    private static int _lastCustomer;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sak-browser-");

    private Phone(FakeWhatsAppSite site) => Site = site;

    public FakeWhatsAppSite Site { get; }

    public WhatsAppWeb WhatsApp { get; private set; } = null!;

    public Listener Listener { get; private set; } = null!;

    public string Profile => Path.Combine(_folder.FullName, "profile");

    /// <summary>Why browser tests can't run here, with the command that changes it; null when they can.</summary>
    public static Task<string?> WhyNot { get; } = FindWhyNotAsync();

    /// <summary>A phone number that no other test on this phone uses.</summary>
    public static string NewCustomer() => $"9198000{Interlocked.Increment(ref _lastCustomer):00000}";

    public static async Task<Phone> StartAsync()
    {
        var whyNot = await WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        return new Phone(await FakeWhatsAppSite.StartAsync());
    }

    public static async Task<Phone> LoggedInAsync(Func<WhatsAppOptions, WhatsAppOptions>? change = null)
    {
        var phone = await StartAsync();
        await phone.OpenAsync(change);
        await phone.Site.LoginAsync(TestContext.Current.CancellationToken);
        await phone.Listener.StateAsync(WhatsAppState.Ready);
        return phone;
    }

    public WhatsAppOptions Options =>
        new(Site.Address, "auto", Profile, Headless: true, BundlePath: null, _folder.FullName)
        {
            ReadyWithin = TimeSpan.FromSeconds(30),
            SendWithin = TimeSpan.FromSeconds(2),
            // Hosts other than this machine can't be resolved.
            BrowserArguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        };

    /// <summary>Opens the browser (again) on the same profile.</summary>
    public async Task OpenAsync(Func<WhatsAppOptions, WhatsAppOptions>? change = null)
    {
        WhatsApp = new WhatsAppWeb((change ?? (o => o))(Options), TimeProvider.System,
            NullLogger<WhatsAppWeb>.Instance);
        Listener = new Listener(WhatsApp);
        await WhatsApp.OpenAsync(TestContext.Current.CancellationToken);
    }

    public async Task CloseAsync()
    {
        await WhatsApp.DisposeAsync();
        await Site.WaitForNoBrowserAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
    }

    /// <summary>Crashes the page, not the browser.</summary>
    public async Task CrashAsync()
    {
        var from = Listener.Count;
        _ = WhatsApp.Page!.GotoAsync("chrome://crash").ContinueWith(t => t.Exception, TaskScheduler.Default);
        await Listener.StateAsync(WhatsAppState.Closed, from);
    }

    /// <summary>Scans until the message is there: WhatsApp goes on delivering after it is ready.</summary>
    public async Task<WhatsAppScan> ScanUntilAsync(long cursor, string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                var scan = await WhatsApp.ScanAsync(cursor, 100, limit.Token);
                if (scan.Messages.Any(m => m.Id == id)) return scan;
            }
            catch (WhatsAppException) when (!limit.IsCancellationRequested)
            {
                // The page is loading.
            }

            await Task.Delay(50, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (WhatsApp is not null) await WhatsApp.DisposeAsync();
        await Site.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static async Task<string?> FindWhyNotAsync()
    {
        try
        {
            BridgeBundle.Find(null, Path.GetTempPath());
            using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
            Browsers.Find("auto", playwright.Chromium.ExecutablePath);
            return null;
        }
        catch (WhatsAppException missing)
        {
            return missing.Message;
        }
    }
}

/// <summary>One logged-in browser for all tests that don't need to break or restart it.</summary>
public sealed class SharedPhone : IAsyncLifetime
{
    private Phone? _phone;
    private string? _whyNot;

    /// <summary>The phone; skips the test when no browser can run.</summary>
    public Phone Phone
    {
        get
        {
            Assert.SkipUnless(_whyNot is null, _whyNot ?? "");
            return _phone!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _whyNot = await Browser.Phone.WhyNot;
        if (_whyNot is null) _phone = await Browser.Phone.LoggedInAsync();
    }

    public ValueTask DisposeAsync() => _phone?.DisposeAsync() ?? ValueTask.CompletedTask;
}

[CollectionDefinition("browser")]
public sealed class BrowserCollection : ICollectionFixture<SharedPhone>;
