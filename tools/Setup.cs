using System.Runtime.InteropServices;
using Sak.Agent.WhatsApp;

namespace Sak.Tools;

/// <summary>Brings in what the programs need and a fresh machine lacks: the bundle, a browser, PostgreSQL for the tests.</summary>
public static class Setup
{
    /// <summary>Where npm puts the bundle.</summary>
    public static string Bundle { get; } = Path.Combine(House.BridgeFolder, "node_modules", "@wppconnect", "wa-js", "dist", "wppconnect-wa.js");

    private static bool IsRootWithApt => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    /// <summary>What a page with the real wa-js in it needs. Throws <see cref="SetupException"/> when it can't be had.</summary>
    public static async Task BridgeAndBrowserAsync(Action<string> say, CancellationToken cancel)
    {
        await BundleAsync(say, cancel);
        await BrowserAsync(say, cancel);
    }

    // The wa-js bundle, by npm from the lock file.
    private static async Task BundleAsync(Action<string> say, CancellationToken cancel)
    {
        if (File.Exists(Bundle)) return;
        say("Fetching the WhatsApp bridge (wa-js) by npm");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var (code, output) = await Child.RunAsync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], House.BridgeFolder, cancel: cancel);
        if (code != 0 || !File.Exists(Bundle)) throw new SetupException($"npm could not fetch the WhatsApp bridge. Install Node.js, check the connection, and try again.\n{Tail(output)}");
    }

    // A Chromium: one that is there, else Playwright's own, else the system's package.
    private static async Task BrowserAsync(Action<string> say, CancellationToken cancel)
    {
        if (await HasBrowserAsync()) return;
        say("Installing Chromium by Playwright");
        if (await Task.Run(() => Microsoft.Playwright.Program.Main(["install", "chromium"]), cancel) == 0 && await HasBrowserAsync()) return;
        if (IsRootWithApt)
        {
            say("Installing Chromium by apt");
            await AptAsync("chromium", cancel);
        }

        if (!await HasBrowserAsync())
            throw new SetupException("No browser was found and none could be installed. Install Chrome, Edge or Chromium and try again.");
    }

    /// <summary>PostgreSQL for the tests: installed when that is possible without asking; otherwise says so and goes on.</summary>
    public static async Task PostgresAsync(Action<string> say, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("SAK_TEST_POSTGRES") is { Length: > 0 } || HasPostgres()) return;
        if (IsRootWithApt)
        {
            say("Installing PostgreSQL by apt");
            await AptAsync("postgresql", cancel);
        }

        if (!HasPostgres()) say("PostgreSQL is not here: its tests will be skipped. Install it, or set SAK_TEST_POSTGRES to a connection string.");
    }

    private static async Task<bool> HasBrowserAsync()
    {
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        try
        {
            return Browsers.Find("auto", playwright.Chromium.ExecutablePath).Length > 0;
        }
        catch (WhatsAppException)
        {
            return false;
        }
    }

    private static bool HasPostgres() =>
        Directory.Exists("/usr/lib/postgresql") || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(p => File.Exists(Path.Combine(p, OperatingSystem.IsWindows() ? "initdb.exe" : "initdb")));

    private static async Task AptAsync(string package, CancellationToken cancel)
    {
        var quiet = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        await Child.RunAsync("apt-get", ["update", "-qq"], environment: quiet, cancel: cancel);
        var (code, output) = await Child.RunAsync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", package], environment: quiet, cancel: cancel);
        if (code != 0) throw new SetupException($"apt-get could not install {package} on {RuntimeInformation.OSDescription}.\n{Tail(output)}");
    }

    private static string Tail(string output) => string.Join('\n', output.Split('\n').TakeLast(8));
}
