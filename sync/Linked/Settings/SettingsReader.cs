using System.Globalization;
using System.Net;

namespace Sak.Sync.Linked.Settings;

/// <summary>
/// Reads settings one by one; remembers each key with its default, and every fault instead of the first.
/// </summary>
internal class SettingsReader(SettingsSources sources)
{
    // One file may serve both programs: a program leaves the sections alone that hold none of its own keys.
    private static readonly string[] Sections = ["Agent", "Alarm", "Cloud", "Log", "Send", "Shop", "Turns", "WhatsApp",
        "Server", "Database", "Model", "Kestrel", "Logging", "AllowedHosts"];

    private readonly Dictionary<string, string> _defaults = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, string> Defaults => _defaults;

    public List<SettingFault> Faults { get; } = [];

    /// <summary>True for a host that only this computer can reach. "loopback" is not one: a server that is told to
    /// listen there listens everywhere.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

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
                string.Create(CultureInfo.InvariantCulture, $"Leave it out to get {fallback}."));
        else
            return value;
        return fallback;
    }

    public int Whole(string key, int fallback, int least, int most)
    {
        var text = Text(key, fallback.ToString(CultureInfo.InvariantCulture));
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            Fault(key, $"is \"{text}\", but must be a whole number", $"Write a number such as {fallback}.");
        else if (value < least || value > most)
            Fault(key, $"is {value}, but must be from {least} to {most}", $"Leave it out to get {fallback}.");
        else
            return value;
        return fallback;
    }

    /// <summary>One of these words, in lower case.</summary>
    public string Word(string key, string fallback, params string[] words)
    {
        var text = Text(key, fallback).ToLowerInvariant();
        if (words.Contains(text)) return text;
        Fault(key, $"is \"{text}\", which is none of {string.Join(", ", words)}",
            Nearest.Hint(text, words) ?? $"Leave it out to get {fallback}.");
        return fallback;
    }

    /// <summary>The address of a web service; null, and a fault, when it is none.</summary>
    public Uri? WebAddress(string key, string text, string example)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && address.Host.Length > 0) return address;
        Fault(key, $"is \"{text}\", which is no web address", $"Write it in full, for example {example}.");
        return null;
    }

    public void RefuseUnknownKeys()
    {
        foreach (var key in sources.Keys.Where(k => !_defaults.ContainsKey(k) && !IsOthers(k)))
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

    private bool IsOthers(string key)
    {
        var section = key.Split(':')[0];
        return Sections.Contains(section, StringComparer.OrdinalIgnoreCase)
            && !_defaults.Keys.Any(k => k.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));
    }
}
