using System.Text.Json;
using Microsoft.Playwright;

namespace Sak.Agent.WhatsApp;

/// <summary>One run of the browser on the shop's profile, with the bridge in its page.</summary>
internal sealed class BrowserSession : IAsyncDisposable
{
    private static readonly TimeSpan LingeringBrowser = TimeSpan.FromSeconds(15);
    private readonly FileStream _profileLock;
    private readonly IPlaywright _playwright;
    private readonly IBrowserContext _context;

    private BrowserSession(FileStream profileLock, IPlaywright playwright, IBrowserContext context)
    {
        _profileLock = profileLock;
        _playwright = playwright;
        _context = context;
        Page = context.Pages.Count > 0 ? context.Pages[0] : null!;
    }

    public IPage Page { get; private set; }

    /// <summary>Opens the browser; the page is blank until <see cref="GoAsync"/>.</summary>
    public static async Task<BrowserSession> LaunchAsync(WhatsAppOptions options, TimeProvider clock,
        CancellationToken cancel)
    {
        var profileLock = LockProfile(options.ProfileFolder);
        IPlaywright? playwright = null;
        try
        {
            playwright = await StartDriverAsync().WaitAsync(cancel);
            var context = await LaunchContextAsync(playwright, options, clock, cancel);
            var session = new BrowserSession(profileLock, playwright, context);
            session.Page ??= await context.NewPageAsync();
            return session;
        }
        catch
        {
            playwright?.Dispose();
            await profileLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the address with the bridge installed before any script of the page runs.</summary>
    public async Task GoAsync(WhatsAppOptions options, string script, Action<string> onEvent, CancellationToken cancel)
    {
        await _context.ExposeBindingAsync("sakEvent", (BindingSource source, string json) =>
        {
            if (source.Frame == Page.MainFrame) onEvent(json);
        });
        await _context.AddInitScriptAsync(script);
        if (options.Headless) await LookLikeAWindowAsync();
        try
        {
            await Page.GotoAsync(options.Address,
                new() { WaitUntil = WaitUntilState.DOMContentLoaded, Timeout = 60_000 }).WaitAsync(cancel);
        }
        catch (PlaywrightException fault)
        {
            throw new WhatsAppException(
                $"{options.Address} can't be opened ({FirstLine(fault)}). Check the internet connection of this PC.",
                fault);
        }

        // Where the page blocks init scripts, the bridge is added after it has loaded.
        if (await Page.EvaluateAsync<bool>("() => !window.sakBridge")) await Page.EvaluateAsync(script);
    }

    /// <summary>
    /// Calls one function of Bridge.js. Throws <see cref="WhatsAppException"/> with the page's reason.
    /// </summary>
    public async Task<T?> CallAsync<T>(string name, object?[] arguments, TimeSpan within, CancellationToken cancel)
    {
        const string call =
            "request => { const [name, args] = JSON.parse(request); return window.sakBridge.call(name, args); }";
        string answer;
        try
        {
            answer = await Page.EvaluateAsync<string>(call, JsonSerializer.Serialize(new object[] { name, arguments }))
                .WaitAsync(within, cancel);
        }
        catch (PlaywrightException fault)
        {
            throw new WhatsAppException(
                $"WhatsApp's page did not take \"{name}\" "
                    + $"({FirstLine(fault)}). It is tried again when the page is back.", fault);
        }
        catch (TimeoutException late)
        {
            throw new WhatsAppException(
                $"WhatsApp's page did not answer \"{name}\" within {within.TotalSeconds:0} seconds. If this goes on, "
                    + "restart SAK.", late);
        }

        using var result = JsonDocument.Parse(answer);
        if (result.RootElement.TryGetProperty("error", out var error))
            throw new WhatsAppException(
                $"WhatsApp refused: {error.GetString()}.")
                    { IsRefusal = !result.RootElement.GetProperty("isLate").GetBoolean() };
        return result.RootElement.GetProperty("value").Deserialize<T>(JsonSerializerOptions.Web);
    }

    /// <summary>Memory of all the browser's processes in megabytes; 0 where the system does not report it.</summary>
    public async Task<double> MemoryAsync()
    {
        try
        {
            if (_context.Browser is not { } browser) return 0;
            var session = await browser.NewBrowserCDPSessionAsync();
            var answer = await session.SendAsync("SystemInfo.getProcessInfo");
            await session.DetachAsync();
            return answer!.Value.GetProperty("processInfo").EnumerateArray()
                .Sum(p => Memory(p.GetProperty("id").GetInt32())) / 1_000_000.0;
        }
        catch (PlaywrightException)
        {
            return 0; // This browser does not tell, or is just ending.
        }
    }

    private static long Memory(int process)
    {
        try
        {
            using var one = System.Diagnostics.Process.GetProcessById(process);
            return one.WorkingSet64;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Closes the browser properly, so that its profile is complete. Never throws, also when the browser
    /// has already ended.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.CloseAsync().WaitAsync(TimeSpan.FromSeconds(20));
        }
        catch (Exception gone) when (gone is PlaywrightException or TimeoutException)
        {
            // The browser is dead or hangs; ending Playwright ends it too.
        }

        _playwright.Dispose();
        await _profileLock.DisposeAsync();
    }

    public void OnDeath(Action<string> died)
    {
        Page.Crash += (_, _) => died("WhatsApp's page crashed");
        Page.Close += (_, _) => died("WhatsApp's page was closed");
        _context.Close += (_, _) => died("The browser ended");
    }

    private static async Task<IPlaywright> StartDriverAsync()
    {
        try
        {
            return await Playwright.CreateAsync();
        }
        catch (Exception fault) when (fault is PlaywrightException or System.ComponentModel.Win32Exception)
        {
            throw new WhatsAppException(
                $"The browser's driver did not start ({FirstLine(fault)}). Install SAK again, with the folder "
                    + ".playwright beside it.", fault);
        }
    }

    // Held until the process ends; the system releases it even when the agent is killed.
    private static FileStream LockProfile(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder,
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return new FileStream(Path.Combine(folder, "sak.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite,
                FileShare.None);
        }
        catch (IOException taken) when (Directory.Exists(folder))
        {
            throw new WhatsAppException(
                $"Another SAK already runs with the WhatsApp login in {folder}. Close it, or give this one another "
                    + "profile folder.", taken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new WhatsAppException(
                $"The profile folder {folder} can't be written ({fault.Message}). Choose another, or correct its "
                    + "rights.", fault);
        }
    }

    private static async Task<IBrowserContext> LaunchContextAsync(
        IPlaywright playwright, WhatsAppOptions options, TimeProvider clock, CancellationToken cancel)
    {
        var launch = LaunchOptions(options, Browsers.Find(options.Browser, playwright.Chromium.ExecutablePath));
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return await playwright.Chromium.LaunchPersistentContextAsync(options.ProfileFolder, launch)
                    .WaitAsync(cancel);
            }
            catch (PlaywrightException fault) when (IsInUse(fault) && clock.GetElapsedTime(started) < LingeringBrowser)
            {
                // The browser of an agent that was just killed needs a moment to end.
                await Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancel);
            }
            catch (PlaywrightException fault) when (IsInUse(fault))
            {
                throw new WhatsAppException(
                    $"Another browser uses the WhatsApp login in {options.ProfileFolder}. Close that browser, then "
                        + "start SAK again.", fault);
            }
            catch (PlaywrightException fault)
            {
                throw new WhatsAppException(
                    $"The browser {launch.ExecutablePath} did not start ({FirstLine(fault)}). Start it by hand once, "
                        + "or choose another in the settings.",
                    fault);
            }
        }
    }

    private static BrowserTypeLaunchPersistentContextOptions LaunchOptions(WhatsAppOptions options, string path) =>
        new()
        {
            ExecutablePath = path,
            Headless = options.Headless,
            ViewportSize = options.Headless ? new() { Width = 1280, Height = 800 } : ViewportSize.NoViewport,
            HandleSIGINT = false,
            HandleSIGTERM = false,
            HandleSIGHUP = false,
            Args =
            [
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-default-apps",
                // A minimised or covered window must keep receiving.
                "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
                "--disable-renderer-backgrounding",
                .. NoSandbox(),
                .. options.BrowserArguments,
            ],
        };

    // Chromium refuses to run as root with its sandbox; everybody else keeps it.
    private static string[] NoSandbox() =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? ["--no-sandbox"] : [];

    private static bool IsInUse(PlaywrightException fault) =>
        fault.Message.Contains("ProcessSingleton", StringComparison.Ordinal)
        || fault.Message.Contains("profile appears to be in use", StringComparison.Ordinal)
        || fault.Message.Contains("existing browser session", StringComparison.Ordinal);

    // WhatsApp turns away browsers that call themselves headless.
    private async Task LookLikeAWindowAsync()
    {
        var session = await _context.NewCDPSessionAsync(Page);
        var version = await session.SendAsync("Browser.getVersion");
        var agent = version!.Value.GetProperty("userAgent").GetString()!.Replace("Headless", "",
            StringComparison.Ordinal);
        await session.SendAsync("Emulation.setUserAgentOverride", new() { ["userAgent"] = agent });
    }

    private static string FirstLine(Exception fault) => fault.Message.Split('\n')[0].Trim();
}
