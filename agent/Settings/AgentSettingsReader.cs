using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using Sak.Sync.Model;

namespace Sak.Agent.Settings;

/// <summary>
/// Reads settings one by one; remembers each key with its default, and every fault instead of the first.
/// </summary>
internal sealed class SettingsReader(SettingsSources sources, string folder)
{
    private static readonly string[] Browsers = ["auto", "chrome", "msedge", "bundled"];

    // One file may serve both programs; these parts are the server's.
    private static readonly string[] ServerSections = ["Server", "Database", "Model", "Kestrel", "Logging",
        "AllowedHosts"];

    private readonly Dictionary<string, string> _defaults = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> Defaults => _defaults;

    public List<SettingFault> Faults { get; } = [];

    /// <summary>
    /// Local application data of this user: %LOCALAPPDATA%\Sak, ~/Library/Application Support/Sak, ~/.local/share/Sak.
    /// </summary>
    public static string OwnFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        return home.Length == 0 ? "" : Path.Combine(home, "Sak");
    }

    public bool IsSet(string key) => sources.Find(key)?.Trim().Length > 0;

    public void Fault(string key, string what, string next) =>
        Faults.Add(new SettingFault(sources.Spell(key), what, next));

    public string Text(string key, string fallback)
    {
        _defaults[key] = fallback;
        var text = sources.Find(key)?.Trim();
        return string.IsNullOrEmpty(text) ? fallback : text;
    }

    public bool YesNo(string key, bool fallback)
    {
        var text = Text(key, fallback ? "true" : "false");
        if (bool.TryParse(text, out var value)) return value;
        Fault(key, $"is \"{text}\", but must be true or false", "Write true or false, without quotes.");
        return fallback;
    }

    public double Number(string key, double fallback, double least, double most)
    {
        var text = Text(key, fallback.ToString(CultureInfo.InvariantCulture));
        if (!double.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
            out var value) || !double.IsFinite(value))
            Fault(key, $"is \"{text}\", but must be a number",
                $"Write a number such as {fallback.ToString(CultureInfo.InvariantCulture)}, with a dot for decimals.");
        else if (value < least || value > most)
            Fault(key, string.Create(CultureInfo.InvariantCulture, $"is {value}, but must be from {least} to {most}"),
                string.Create(CultureInfo.InvariantCulture, $"Leave it away to get {fallback}."));
        else
            return value;
        return fallback;
    }

    public string Currency(string key, string fallback)
    {
        var text = Text(key, fallback);
        if (IsoCurrencies.Contains(text)) return text;
        var close = IsoCurrencies.Contains(text.ToUpperInvariant())
            ? $"Write {text.ToUpperInvariant()}."
            : "Write the three capital letters of your currency, for example INR, AED, BRL, EUR or USD.";
        Fault(key, $"is \"{text}\", which is no ISO 4217 currency", close);
        return fallback;
    }

    public string Series(string key, string fallback)
    {
        var text = Text(key, fallback);
        if (text.Length <= 8 && text.All(char.IsAsciiLetterOrDigit)) return text;
        Fault(key, $"is \"{text}\", but must be 1 to 8 letters or digits",
            "Write a short series such as A, or B for a second till.");
        return fallback;
    }

    public LogLevel Level(string key, LogLevel fallback)
    {
        string[] words = ["trace", "debug", "information", "warning", "error"];
        var text = Text(key, words[(int)fallback]);
        var at = Array.FindIndex(words, w => w.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (at >= 0) return (LogLevel)at;
        Fault(key, $"is \"{text}\", which is no level",
            Nearest.Hint(text, words) ?? $"Write one of {string.Join(", ", words)}.");
        return fallback;
    }

    /// <summary>
    /// Null when empty or wrong. Off this computer only https is let through: keys and customers' words travel there.
    /// </summary>
    public Uri? Address(string key, string fallback)
    {
        var text = Text(key, fallback);
        if (text.Length == 0) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.Host.Length == 0)
            Fault(key, $"is \"{text}\", which is no web address",
                "Write it in full, for example https://shop.example.");
        else if (address.UserInfo.Length > 0)
            Fault(key, "holds a user name or password",
                "Take the part before the @ out; the key belongs into Cloud:Key.");
        else if (address.Scheme == "http" && !IsLoopback(address))
            Fault(key, $"is \"{text}\", but http to another computer can be read by anyone on the way",
                $"Use https://{address.Authority}.");
        else
            return address;
        return null;
    }

    /// <summary>An address without a path: the server's own paths begin at its root.</summary>
    public Uri? Site(string key)
    {
        if (Address(key, "") is not { } address) return null;
        if (address.PathAndQuery + address.Fragment == "/") return address;
        Fault(key, $"is \"{address}\", but holds a path", $"Write only {address.GetLeftPart(UriPartial.Authority)}.");
        return null;
    }

    /// <summary>A phone number as people write it, or empty.</summary>
    public string Phone(string key)
    {
        var text = Text(key, "");
        if (text.Length > 0
            && !(text.Any(char.IsAsciiDigit) && text.All(c => char.IsAsciiDigit(c) || "+-(). ".Contains(c))))
            Fault(key, $"is \"{text}\", which is no phone number",
                "Write it with digits, for example +91 98000 00000, or leave it away.");
        return text;
    }

    public string Browser(string key, string fallback)
    {
        var text = Text(key, fallback);
        var word = Browsers.FirstOrDefault(b => b.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (word is not null) return word;
        if (text.Contains('/') || text.Contains('\\')) return Absolute(text);
        Fault(key, $"is \"{text}\", which is no browser that SAK knows",
            Nearest.Hint(text, Browsers)
                ?? $"Write {string.Join(", ", Browsers)}, or the full path of the browser's program.");
        return fallback;
    }

    /// <summary>An absolute folder; the sample shows an empty text, which means <paramref name="ownPlace"/>.</summary>
    public string Folder(string key, string ownPlace)
    {
        var text = Text(key, "");
        if (text.Length > 0) return Absolute(text);
        if (ownPlace.Length == 0)
            Fault(key, "is empty, and this user has no folder of his own",
                $"Set {key} to a folder that only you can read.");
        return ownPlace;
    }

    public string File(string key) => Text(key, "") is { Length: > 0 } path ? Absolute(path) : "";

    public void RefuseUnknownKeys()
    {
        foreach (var key in sources.Keys.Where(k => !_defaults.ContainsKey(k) && !IsServers(k)))
            Fault(key, "is not a setting", KeyHint(key));
        foreach (var flat in sources.FlatVariables)
            if (_defaults.Keys.FirstOrDefault(
                k => k.Replace(':', '_').Equals(flat, StringComparison.OrdinalIgnoreCase)) is { } meant)
                Faults.Add(new SettingFault(SettingsSources.Prefix + flat, "is not read",
                    $"Write two underscores: {SettingsSources.Prefix}{meant.Replace(":", "__")}."));
    }

    private string KeyHint(string key)
    {
        if (_defaults.Keys.Any(k => k.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)))
            return $"It is a group: write \"{key}\": {{ … }} with its settings inside.";
        var last = key[(key.LastIndexOf(':') + 1)..];
        var sameName = _defaults.Keys.Where(k => k.EndsWith(":" + last, StringComparison.OrdinalIgnoreCase)).ToList();
        return Nearest.Hint(key, _defaults.Keys) ?? (sameName.Count == 1
            ? $"Did you mean {sameName[0]}?"
            : "Take it out; appsettings.sample.json shows all settings.");
    }

    private static bool IsServers(string key) =>
        ServerSections.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));

    private string Absolute(string path)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) path = home + path[1..];
        return Path.GetFullPath(path, folder);
    }
}

/// <summary>"Did you mean": the word with the fewest letters changed.</summary>
internal static class Nearest
{
    public static string? Hint(string text, IEnumerable<string> words)
    {
        var (word, distance) =
            words.Select(w => (Word: w, Distance: Distance(text.ToLowerInvariant(), w.ToLowerInvariant())))
                .MinBy(p => p.Distance);
        return word is not null && distance <= Math.Max(1, word.Length / 4) ? $"Did you mean {word}?" : null;
    }

    // Levenshtein, with a swap of neighbours as one change ("Nmae").
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1,
                    d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }

        return d[a.Length, b.Length];
    }
}
