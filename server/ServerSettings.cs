using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;

namespace Sak.Server;

/// <summary>Which model answers, and how much it may take.</summary>
/// <param name="Provider">"none": the same reader as on the PC; "openai": any OpenAI-compatible endpoint; "anthropic".</param>
/// <param name="Endpoint">Empty means the provider's own.</param>
/// <param name="Seconds">For the whole turn, tool calls included; then the reader answers.</param>
/// <param name="TokensPerDay">Per shop and UTC day, in and out; then the reader answers until the next day.</param>
public sealed record ModelSettings(
    string Provider, string Endpoint, string Key, string Name, int Seconds, int MaxToolRounds, int MaxOutputTokens, long TokensPerDay);

/// <summary>
/// Everything that can be set. From appsettings.json, then SAK_ environment variables ("SAK_Database__Engine"), then the
/// command line ("--Database:Engine postgres"); the later wins.
/// </summary>
public sealed record ServerSettings(string Address, string DataFolder, string Engine, string Connection, ModelSettings Model)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";
    public const string None = "none";
    public const string OpenAi = "openai";
    public const string Anthropic = "anthropic";

    /// <summary>True when keys would travel unencrypted over a network.</summary>
    public bool InTheClear => Address.StartsWith("http://", StringComparison.Ordinal) && !new Uri(Address.Replace("*", "0.0.0.0").Replace("+", "0.0.0.0")).IsLoopback;

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "Server:Address", "Server:DataFolder", "Database:Engine", "Database:Connection", "Model:Provider", "Model:Endpoint", "Model:Key",
        "Model:Name", "Model:Seconds", "Model:MaxToolRounds", "Model:MaxOutputTokens", "Model:TokensPerDay",
    };

    /// <summary>Reads the three sources. Throws <see cref="SettingsException"/> with every fault and its fix.</summary>
    public static ServerSettings Load(IReadOnlyList<string> args)
    {
        var faults = new List<string>();
        return Read(Sources(args, faults), faults);
    }

    private static IConfiguration Sources(IReadOnlyList<string> args, List<string> faults)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
                .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
                .AddEnvironmentVariables("SAK_")
                .AddCommandLine([.. args])
                .Build();
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            faults.Add($"{e.Message} {e.InnerException?.Message} Correct the file or the argument.".Replace("  ", " "));
            return new ConfigurationBuilder().Build();
        }
    }

    internal static ServerSettings Read(IConfiguration from, List<string> faults)
    {
        var read = new Reader(from, faults);
        read.RefuseUnknown(Known, "Server", "Database", "Model");
        var folder = read.Text("Server:DataFolder", "sak-data");
        var engine = read.OneOf("Database:Engine", Sqlite, Sqlite, Postgres, SqlServer);
        var connection = read.Text("Database:Connection", "");
        if (engine == Sqlite && connection.Length == 0) connection = $"Data Source={Path.Combine(folder, "sak-server.db")}";
        if (engine is Postgres or SqlServer && connection.Length == 0)
            faults.Add($"Database:Connection is empty; with {engine} it must be the database's connection string.");
        var settings = new ServerSettings(read.Address("Server:Address", "http://127.0.0.1:5080"), folder, engine, connection, ReadModel(read, faults));
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    private static ModelSettings ReadModel(Reader read, List<string> faults)
    {
        var model = new ModelSettings(
            read.OneOf("Model:Provider", None, None, OpenAi, Anthropic),
            read.Text("Model:Endpoint", ""),
            read.Text("Model:Key", ""),
            read.Text("Model:Name", ""),
            read.Number("Model:Seconds", 20, 1, 120),
            read.Number("Model:MaxToolRounds", 5, 1, 20),
            read.Number("Model:MaxOutputTokens", 1_000, 100, 16_000),
            read.Number("Model:TokensPerDay", 500_000, 0, int.MaxValue));
        if (model.Endpoint.Length > 0 && !(Uri.TryCreate(model.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            faults.Add($"Model:Endpoint \"{model.Endpoint}\" is not an address; write for example http://127.0.0.1:11434/v1, or leave it out.");
        if (model.Provider == None) return model;
        if (model.Name.Length == 0) faults.Add($"Model:Name is empty; with {model.Provider} it must be the model's name, or set Model:Provider to none.");
        if (model.Key.Length == 0)
            faults.Add($"Model:Key is empty; set SAK_Model__Key to the key of {model.Provider} (any text for an endpoint that asks for none).");
        return model;
    }

    private sealed class Reader(IConfiguration from, List<string> faults)
    {
        public string Text(string name, string standard) => from[name]?.Trim() is { Length: > 0 } text ? text : standard;

        public string OneOf(string name, string standard, params string[] allowed)
        {
            var text = Text(name, standard).ToLowerInvariant();
            if (!allowed.Contains(text)) faults.Add($"{name} \"{text}\" is not known; use one of {string.Join(", ", allowed)}.");
            return text;
        }

        public int Number(string name, int standard, int least, int most)
        {
            var text = Text(name, standard.ToString(CultureInfo.InvariantCulture));
            var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number);
            if (isNumber && number >= least && number <= most) return number;
            faults.Add($"{name} \"{text}\" is not a whole number from {least} to {most}; leave it out for {standard}.");
            return standard;
        }

        public string Address(string name, string standard)
        {
            var text = Text(name, standard);
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/")
                faults.Add($"{name} \"{text}\" is not an address to listen on; write for example {standard}.");
            else if (uri.Scheme == "http" && !uri.IsLoopback && IPAddress.TryParse(uri.Host, out _) is false && uri.Host is not ("localhost" or "*" or "+"))
                faults.Add($"{name} \"{text}\" must name an IP address or localhost; write for example http://0.0.0.0:5080 behind a proxy that does TLS.");
            return text.TrimEnd('/');
        }

        public void RefuseUnknown(HashSet<string> known, params string[] sections)
        {
            foreach (var section in sections)
                foreach (var (name, value) in from.GetSection(section).AsEnumerable())
                    if (value is not null && !known.Contains(name))
                        faults.Add($"{name} is not a setting; remove it or correct its name: {string.Join(", ", known.Where(k => k.StartsWith(section, StringComparison.Ordinal)))}.");
        }
    }
}

/// <summary>Settings that can't be used: all faults at once, each with its fix.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults) : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>Something outside that stops the server; the message is one sentence and what to do.</summary>
public sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
