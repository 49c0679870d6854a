using Sak.Agent.WhatsApp;

namespace Sak.Tools;

/// <summary>Installs what a fresh machine lacks: the bundle, a browser, PostgreSQL for the tests.</summary>
public static class Setup
{
    /// <summary>Where npm puts the bundle.</summary>
    public static string Bundle { get; } =
        Path.Combine(House.BridgeFolder, "node_modules", "@wppconnect", "wa-js", "dist", "wppconnect-wa.js");

    private static bool IsRootWithApt =>
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    /// <summary>
    /// Installs what a page with the real wa-js needs. Throws <see cref="SetupException"/> when it can't.
    /// </summary>
    public static async Task BridgeAndBrowserAsync(Action<string> say, CancellationToken cancel)
    {
        if (!await BridgeStep().RunAsync(say, cancel))
            throw new SetupException("The WhatsApp bridge is missing. Install Node.js, go online, try again.");
        if (!await BrowserStep(IsRootWithApt).RunAsync(say, cancel))
            throw new SetupException("No browser was found. Install Chrome, Edge or Chromium and try again.");
    }

    /// <summary>
    /// PostgreSQL for the tests: installed when that needs no password; without it the tests that need it are skipped.
    /// </summary>
    public static async Task PostgresAsync(Action<string> say, CancellationToken cancel)
    {
        if (await PostgresStep(IsRootWithApt).RunAsync(say, cancel)) return;
        say("PostgreSQL: missing, its tests are skipped. Install it, or set SAK_TEST_POSTGRES to a connection string.");
    }

    // Installed by npm from the lock file.
    private static SetupStep BridgeStep() => new(
        "WhatsApp bridge",
        () => Task.FromResult(File.Exists(Bundle) ? Path.GetRelativePath(House.Root, Bundle) : null),
        [new("downloading by npm", NpmAsync)]);

    // The system's package comes first: Playwright's own download is large, and many networks block it.
    internal static SetupStep BrowserStep(bool hasApt) => new(
        "Chromium", FindBrowserAsync, [.. Apt("chromium", hasApt), new("downloading by Playwright", PlaywrightAsync)]);

    internal static SetupStep PostgresStep(bool hasApt) => new(
        "PostgreSQL", () => Task.FromResult(FindPostgres()), [.. Apt("postgresql", hasApt)]);

    private static IEnumerable<SetupWay> Apt(string package, bool hasApt) =>
        hasApt ? [new SetupWay("installing by apt", cancel => AptAsync(package, cancel))] : [];

    private static async Task<string?> FindBrowserAsync()
    {
        using var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        try
        {
            return Browsers.Find("auto", playwright.Chromium.ExecutablePath);
        }
        catch (WhatsAppException)
        {
            return null;
        }
    }

    private static string? FindPostgres()
    {
        if (Environment.GetEnvironmentVariable("SAK_TEST_POSTGRES") is { Length: > 0 }) return "in SAK_TEST_POSTGRES";
        const string Debian = "/usr/lib/postgresql";
        if (Directory.Exists(Debian)) return Debian;
        var program = OperatingSystem.IsWindows() ? "initdb.exe" : "initdb";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, program)));
    }

    private static async Task<string> NpmAsync(CancellationToken cancel)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        string[] arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
        return (await Child.RunAsync(npm, arguments, House.BridgeFolder, cancel: cancel)).Output;
    }

    // In a process of its own: Playwright writes to the console of its process.
    private static async Task<string> PlaywrightAsync(CancellationToken cancel)
    {
        string[] arguments = [typeof(Setup).Assembly.Location, SetupCommand.Playwright, "install", "chromium"];
        return (await Child.RunAsync("dotnet", arguments, cancel: cancel)).Output;
    }

    private static async Task<string> AptAsync(string package, CancellationToken cancel)
    {
        var quiet = new Dictionary<string, string?> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        await Child.RunAsync("apt-get", ["update", "-qq"], environment: quiet, cancel: cancel);
        string[] install = ["install", "-y", "-qq", "--no-install-recommends", package];
        return (await Child.RunAsync("apt-get", install, environment: quiet, cancel: cancel)).Output;
    }
}
