using Microsoft.Extensions.Logging;
using Sak.Sync.Linked.Settings;
using Sak.Sync.Model;

namespace Sak.Agent.Settings;

/// <summary>The kinds of settings that only the agent has.</summary>
internal sealed class AgentSettingsReader(SettingsSources sources, string folder) : SettingsReader(sources)
{
    private static readonly string[] Browsers = ["auto", "chrome", "msedge", "bundled"];

    /// <summary>
    /// Local application data of this user: %LOCALAPPDATA%\Sak, ~/Library/Application Support/Sak, ~/.local/share/Sak.
    /// </summary>
    public static string OwnFolder()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify);
        return home.Length == 0 ? "" : Path.Combine(home, "Sak");
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

    public QuantityMissing QuantityMissing(string key, QuantityMissing fallback)
    {
        var text = Text(key, fallback.Text());
        if (EnumText.Read<QuantityMissing>(text.ToLowerInvariant()) is { } known) return known;
        Fault(key, $"is \"{text}\", which is neither ask nor one",
            "Write ask, or one where a product without a number is always one, as in a café.");
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
        if (WebAddress(key, text, "https://shop.example") is not { } address) return null;
        if (address.UserInfo.Length > 0)
            Fault(key, "holds a user name or password",
                "Take the part before the @ out; the key belongs into Cloud:Key.");
        else if (address.Scheme == "http" && !IsLoopback(address.Host))
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
                "Write it with digits, for example +91 98000 00000, or leave it out.");
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
            Fault(key, "is empty, and this user has no folder for application data",
                $"Set {key} to a folder that only you can read.");
        return ownPlace;
    }

    public string File(string key) => Text(key, "") is { Length: > 0 } path ? Absolute(path) : "";

    private string Absolute(string path)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) path = home + path[1..];
        return Path.GetFullPath(path, folder);
    }
}
