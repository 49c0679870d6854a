namespace Sak.Agent.WhatsApp;

/// <summary>
/// Finds wa-js, the only file that knows WhatsApp Web's internals. It is no part of SAK and is replaced when WhatsApp
/// changes. So the places where an owner can put a newer one come before the one that the build filled.
/// </summary>
public static class BridgeBundle
{
    public const string FileName = "wppconnect-wa.js";

    /// <summary>
    /// The bundle's path: from the setting, else the version in use in the data folder, else the file beside the
    /// program. Throws <see cref="WhatsAppException"/>.
    /// </summary>
    public static string Find(string? setting, string dataFolder)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            if (File.Exists(setting)) return setting;
            throw new WhatsAppException($"The WhatsApp bridge is not at {setting}. Correct the setting, or remove it.");
        }

        if (new BridgeVersions(dataFolder).InUsePath is { } chosen) return chosen;
        var places = new[] { Path.Combine(dataFolder, "bridge", FileName),
            Path.Combine(AppContext.BaseDirectory, "bridge", FileName) };
        return places.FirstOrDefault(File.Exists) ?? throw new WhatsAppException(
            "The WhatsApp bridge (wa-js) is not here. Run \"npm ci --prefix agent/WhatsApp/bridge\" and build again, "
            + $"or put {FileName} into {Path.GetDirectoryName(places[0])}.");
    }

    /// <summary>The script for the page: the bridge with the bundle inside it.</summary>
    internal static async Task<string> ScriptAsync(string bundlePath, CancellationToken cancel)
    {
        var bundle = await File.ReadAllTextAsync(bundlePath, cancel);
        var bridge = (await OwnAsync("Bridge.js", cancel)).Replace("/* probe */",
            await OwnAsync("BridgeProbe.js", cancel), StringComparison.Ordinal);
        return bridge.Replace("/* wa-js */", bundle, StringComparison.Ordinal);
    }

    /// <summary>An embedded script of SAK, unchanged.</summary>
    internal static async Task<string> OwnAsync(string name, CancellationToken cancel)
    {
        await using var stream = typeof(BridgeBundle).Assembly.GetManifestResourceStream($"Sak.Agent.WhatsApp.{name}")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancel);
    }
}
