using System.Collections;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Sak.Sync.Linked.Settings;

/// <summary>
/// Where settings come from, merged; remembers who said what, so that a fault names the place to mend. Both programs
/// compile it: it needs the configuration package, and sync has no packages.
/// </summary>
internal sealed class SettingsSources
{
    public const string Prefix = "SAK_";
    public const string DefaultFile = "appsettings.json";

    private readonly List<(IConfiguration Values, Func<string, string> Spell)> _sources = [];

    public static SettingsSources None { get; } = new();

    public List<SettingFault> Faults { get; } = [];

    /// <summary>The full path of the file that was read, or empty.</summary>
    public string File { get; private set; } = "";

    public bool IsFileBroken { get; private set; }

    /// <summary>Variables with our prefix that name no section ("SAK_Cloud_Address"), without the prefix.</summary>
    public List<string> FlatVariables { get; } = [];

    /// <param name="folders">Where appsettings.json may be; a file in a later folder wins.</param>
    public static SettingsSources Open(IReadOnlyList<string> args, IReadOnlyList<string> folders,
        IReadOnlyDictionary<string, string> environment)
    {
        var sources = new SettingsSources();
        var (named, given) = sources.ReadArguments(args);
        foreach (var folder in named is null ? folders.Distinct() : [folders[^1]]) sources.ReadFile(named, folder);
        sources.ReadEnvironment(environment);
        sources.Add(given, key => $"--{key}");
        return sources;
    }

    /// <summary>Settings that were put together elsewhere.</summary>
    public static SettingsSources Of(IConfiguration values)
    {
        var sources = new SettingsSources();
        sources.Add(values, key => key);
        return sources;
    }

    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .DistinctBy(e => (string)e.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.OrdinalIgnoreCase);

    /// <summary>The text that was set last, or null when nobody set the key.</summary>
    public string? Find(string key) =>
        _sources.AsEnumerable().Reverse().Select(s => s.Values[key]).FirstOrDefault(v => v is not null);

    /// <summary>The key as it was written where it was last set.</summary>
    public string Spell(string key)
    {
        foreach (var (values, spell) in _sources.AsEnumerable().Reverse())
            if (values[key] is not null) return spell(key);
        return key;
    }

    public IEnumerable<string> Keys =>
        _sources.SelectMany(s => s.Values.AsEnumerable()).Where(pair => pair.Value is not null).Select(pair => pair.Key)
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private (string? File, Dictionary<string, string?> Given) ReadArguments(IReadOnlyList<string> args)
    {
        string? file = null;
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = SplitArgument(args[i]);
            if (name != "settings" && !name.Contains(':'))
            {
                Faults.Add(new SettingFault($"\"{args[i]}\"", "is not an option",
                    "See --help; settings are written like --Cloud:Address=https://shop.example."));
                continue;
            }

            if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = args[++i];
            if (value is null) Faults.Add(new SettingFault($"--{name}", "has no value", $"Write --{name}=value."));
            else if (name == "settings") file = value;
            else given[name] = value;
        }

        return (file, given);
    }

    private static (string Name, string? Value) SplitArgument(string arg)
    {
        if (!arg.StartsWith("--", StringComparison.Ordinal)) return ("", null);
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (arg[2..], null) : (arg[2..equals], arg[(equals + 1)..]);
    }

    private void ReadFile(string? named, string folder)
    {
        var path = Path.GetFullPath(named ?? DefaultFile, folder);
        try
        {
            if (!System.IO.File.Exists(path))
            {
                if (named is not null)
                    Broken($"--settings {named}", "names a file that is not there",
                        $"Check the path ({path}), or leave --settings out.");
                return;
            }

            var text = System.IO.File.ReadAllText(path);
            CheckJson(text);
            var name = Path.GetFileName(path);
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
            Add(new ConfigurationBuilder().AddJsonStream(stream).Build(), key => $"{key} in {name}");
            File = path;
        }
        catch (JsonException broken)
        {
            Broken($"{path}, line {broken.LineNumber + 1},", "is not JSON",
                "Look for a missing comma, quote or bracket there or on the line before; appsettings.sample.json "
                    + "shows the form.");
        }
        catch (FormatException broken)
        {
            Broken(path, $"cannot be used: {broken.Message.TrimEnd('.')}",
                "Keep each setting once; appsettings.sample.json shows the form.");
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            Broken(path, $"cannot be read: {denied.Message.TrimEnd('.')}", "Give your user the right to read it.");
        }
    }

    private void Broken(string where, string what, string next)
    {
        IsFileBroken = true;
        Faults.Add(new SettingFault(where, what, next));
    }

    // The configuration reader says neither line nor, for some faults, anything a person understands.
    private static void CheckJson(string text)
    {
        using var json = JsonDocument.Parse(text,
            new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        if (json.RootElement.ValueKind != JsonValueKind.Object) throw new FormatException("it is not an object, { … }");
    }

    private void ReadEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var named = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            var key = name[Prefix.Length..];
            if (key.Contains("__", StringComparison.Ordinal))
                named[key.Replace("__", ":", StringComparison.Ordinal)] = value;
            else FlatVariables.Add(key);
        }

        Add(named, key => Prefix + key.Replace(":", "__", StringComparison.Ordinal));
    }

    private void Add(Dictionary<string, string?> values, Func<string, string> spell) =>
        Add(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), spell);

    private void Add(IConfiguration values, Func<string, string> spell) => _sources.Add((values, spell));
}
