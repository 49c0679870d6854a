namespace Sak.Agent.WhatsApp;

/// <summary>
/// Versions of wa-js in the data folder: bridge/4.6.0/wppconnect-wa.js, and bridge/current with the version in use.
/// WhatsApp changes at any time, so a newer bridge must not need a newer SAK, and a broken bridge must not replace
/// a working one.
/// </summary>
public sealed class BridgeVersions(string dataFolder)
{
    private readonly string _folder = Path.Combine(dataFolder, "bridge");

    private string Current => Path.Combine(_folder, "current");

    /// <summary>The version in use; empty when it is the one that came with SAK.</summary>
    public string InUse =>
        File.Exists(Current) && File.ReadAllText(Current).Trim() is { Length: > 0 } version
            && File.Exists(PathOf(version)) ? version : "";

    /// <summary>The bundle of the version in use; null when it is the one that came with SAK.</summary>
    public string? InUsePath => InUse.Length > 0 ? PathOf(InUse) : null;

    public IReadOnlyList<string> All => Directory.Exists(_folder)
        ? [.. Directory.GetDirectories(_folder).Where(d => File.Exists(Path.Combine(d, BridgeBundle.FileName)))
            .Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>
    /// The path of a version's bundle. Throws <see cref="WhatsAppException"/> when the text is not a version.
    /// </summary>
    public string PathOf(string version)
    {
        if (version.Length is 0 or > 40 || !char.IsAsciiDigit(version[0])
            || !version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-')
            || version.Contains("..", StringComparison.Ordinal))
            throw new WhatsAppException($"\"{version}\" is no version of wa-js. Write it as 4.6.0.");
        return Path.Combine(_folder, version, BridgeBundle.FileName);
    }

    /// <summary>Stores a bundle under its version; an existing one is not replaced.</summary>
    public async Task AddAsync(string version, Stream bundle, CancellationToken cancel)
    {
        var path = PathOf(version);
        if (File.Exists(path)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = path + ".part";
        await using (var file = File.Create(unfinished)) await bundle.CopyToAsync(file, cancel);
        File.Move(unfinished, path, overwrite: true);
    }

    /// <summary>Makes a version the one in use from the next start; empty means the one that came with SAK.</summary>
    public void Use(string version)
    {
        if (version.Length > 0 && !File.Exists(PathOf(version)))
            throw new WhatsAppException(
                $"wa-js {version} is not on this PC. Fetch it with: sak-agent bridge update {version}");
        Directory.CreateDirectory(_folder);
        var unfinished = Current + ".part";
        File.WriteAllText(unfinished, version);
        File.Move(unfinished, Current, overwrite: true);
    }
}
