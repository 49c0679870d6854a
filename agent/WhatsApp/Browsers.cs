namespace Sak.Agent.WhatsApp;

/// <summary>Finds the Chromium-based browser that opens the page.</summary>
internal static class Browsers
{
    /// <summary>The browser's path for a setting. Throws <see cref="WhatsAppException"/> when there is none.</summary>
    /// <param name="bundled">Where Playwright's own browser would be.</param>
    public static string Find(string setting, string bundled) => setting.Trim().ToLowerInvariant() switch
    {
        "auto" or "" =>
            Installed([bundled, .. Chrome(), .. Edge(), .. Chromium()]) ?? throw Missing("No browser was found"),
        "bundled" => Installed([bundled]) ?? throw Missing("Playwright's own browser is not installed"),
        "chrome" => Installed(Chrome()) ?? throw Missing("Google Chrome was not found"),
        "msedge" => Installed(Edge()) ?? throw Missing("Microsoft Edge was not found"),
        _ => Installed([setting]) ?? throw Missing($"There is no browser at {setting}"),
    };

    private static string? Installed(IEnumerable<string> paths) => paths.FirstOrDefault(File.Exists);

    private static WhatsAppException Missing(string what) =>
        new($"{what}. Install Google Chrome, Microsoft Edge or Chromium, or set the browser setting to the path of "
            + "one.");

    private static IEnumerable<string> Chrome() => OnThisSystem(
        ["/usr/bin/google-chrome-stable", "/usr/bin/google-chrome", "/opt/google/chrome/chrome"],
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        @"Google\Chrome\Application\chrome.exe");

    private static IEnumerable<string> Edge() => OnThisSystem(
        ["/usr/bin/microsoft-edge-stable", "/usr/bin/microsoft-edge", "/opt/microsoft/msedge/msedge"],
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        @"Microsoft\Edge\Application\msedge.exe");

    private static IEnumerable<string> Chromium() => OnThisSystem(
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium"],
        "Chromium.app/Contents/MacOS/Chromium",
        @"Chromium\Application\chrome.exe");

    private static IEnumerable<string> OnThisSystem(IEnumerable<string> linux, string mac, string windows)
    {
        if (OperatingSystem.IsWindows())
        {
            Environment.SpecialFolder[] roots =
                [Environment.SpecialFolder.ProgramFiles, Environment.SpecialFolder.ProgramFilesX86,
                    Environment.SpecialFolder.LocalApplicationData];
            return roots.Select(root => Path.Combine(Environment.GetFolderPath(root), windows));
        }

        if (!OperatingSystem.IsMacOS()) return linux;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return [Path.Combine("/Applications", mac), Path.Combine(home, "Applications", mac)];
    }
}
