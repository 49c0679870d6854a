using System.Globalization;
using System.Net;
using System.Text.Json;
using Sak.Server.Data;

namespace Sak.Server.Settings;

/// <summary>Which model answers, and how much it may take.</summary>
/// <param name="Provider">"none": the same reader as on the PC; "openai": any OpenAI-compatible endpoint;
/// "anthropic".</param>
/// <param name="Endpoint">Empty means the provider's own.</param>
/// <param name="Seconds">For the whole turn, tool calls included; then the reader answers.</param>
/// <param name="TokensPerDay">Per shop and UTC day, in and out; then the reader answers until the next day.</param>
public sealed record ModelSettings(
    string Provider, string Endpoint, string Key, string Name, int Seconds, int MaxToolRounds, int MaxOutputTokens,
    long TokensPerDay);

/// <summary>
/// Everything that can be set. From appsettings.json, then SAK_ environment variables ("SAK_Database__Engine"), then
/// the command line ("--Database:Engine postgres"); the later wins.
/// </summary>
public sealed record ServerSettings(string Address, string DataFolder, string Engine, string Connection,
    ModelSettings Model)
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";
    public const string SqlServer = "sqlserver";
    public const string None = "none";
    public const string OpenAi = "openai";
    public const string Anthropic = "anthropic";

    /// <summary>True when keys would travel unencrypted over a network.</summary>
    public bool InTheClear =>
        BindingAddress.Parse(Address) is var listens && !IsTls(listens) && !IsLoopback(listens.Host);

    private static readonly string[] Sections = ["Server", "Database", "Model"];

    // One file may serve both programs; these parts are the agent's and the framework's.
    private static readonly string[] OthersSections = ["Agent", "Alarm", "Cloud", "Log", "Send", "Shop", "Turns",
        "WhatsApp", "Kestrel", "Logging", "AllowedHosts"];

    private static readonly HashSet<string> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        "Server:Address", "Server:DataFolder", "Database:Engine", "Database:Connection", "Model:Provider",
        "Model:Endpoint", "Model:Key",
        "Model:Name", "Model:Seconds", "Model:MaxToolRounds", "Model:MaxOutputTokens", "Model:TokensPerDay",
    };

    /// <summary>Reads the three sources. Throws <see cref="SettingsException"/> with every fault and its fix.</summary>
    public static ServerSettings Load(IReadOnlyList<string> args)
    {
        var faults = args.Where(a => !a.Contains('=')).Select(a => $"{a} has no value; write {a}=value.").ToList();
        return Read(Sources([.. args.Where(a => a.Contains('='))], faults), faults);
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
        catch (InvalidDataException e) when (e.GetBaseException() is JsonException json)
        {
            faults.Add(
                $"{e.Message.TrimEnd('.')}: line {json.LineNumber + 1} is not JSON; look for a missing comma, quote "
                    + $"or bracket there or on the line before.");
            return new ConfigurationBuilder().Build();
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
        read.RefuseUnknown();
        var folder = read.Text("Server:DataFolder", "sak-data");
        var engine = read.OneOf("Database:Engine", Sqlite, Sqlite, Postgres, SqlServer);
        var connection = read.Text("Database:Connection", "");
        if (engine == Sqlite && connection.Length == 0)
            connection = $"Data Source={Path.Combine(folder, "sak-server.db")}";
        if (engine is Postgres or SqlServer && connection.Length == 0)
            faults.Add($"Database:Connection is empty; with {engine} it must be the database's connection string.");
        // What is wrong with it is not told: it may be the password.
        else if (Example(engine) is { } example && !OpenDatabase.CanRead(engine, connection))
            faults.Add($"Database:Connection can't be read; write it as in {example}.");
        var settings = new ServerSettings(read.Address("Server:Address", "http://127.0.0.1:5080"), folder, engine,
            connection, ReadModel(read, faults));
        return faults.Count == 0 ? settings : throw new SettingsException(faults);
    }

    private static string? Example(string engine) => engine switch
    {
        Sqlite => "Data Source=sak-server.db",
        Postgres => "Host=127.0.0.1;Database=sak;Username=sak;Password=…",
        SqlServer => "Server=127.0.0.1;Database=sak;User Id=sak;Password=…",
        _ => null,
    };

    private static bool IsTls(BindingAddress listens) =>
        listens.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    // Only these are bound as they are written. A host of any other name, also "loopback", or with a user before it, is
    // every interface of the machine to Kestrel.
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

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
        if (model.Endpoint.Length > 0
            && !(Uri.TryCreate(model.Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            faults.Add(
                $"Model:Endpoint \"{model.Endpoint}\" is not an address; write for example http://127.0.0.1:11434/v1, "
                    + $"or leave it out.");
        if (model.Provider == None) return model;
        if (model.Name.Length == 0)
            faults.Add(
                $"Model:Name is empty; with {model.Provider} it must be the model's name, or set Model:Provider to none.");
        if (model.Key.Length == 0)
            faults.Add(
                $"Model:Key is empty; set SAK_Model__Key to the key of {model.Provider} (any text for an endpoint "
                    + $"that asks for none).");
        return model;
    }

    private sealed class Reader(IConfiguration from, List<string> faults)
    {
        public string Text(string name, string standard) =>
            from[name]?.Trim() is { Length: > 0 } text ? text : standard;

        public string OneOf(string name, string standard, params string[] allowed)
        {
            var text = Text(name, standard).ToLowerInvariant();
            if (!allowed.Contains(text))
                faults.Add($"{name} \"{text}\" is not known; use one of {string.Join(", ", allowed)}.");
            return text;
        }

        public int Number(string name, int standard, int least, int most)
        {
            var text = Text(name, standard.ToString(CultureInfo.InvariantCulture));
            var isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                out var number);
            if (isNumber && number >= least && number <= most) return number;
            faults.Add($"{name} \"{text}\" is not a whole number from {least} to {most}; leave it out for {standard}.");
            return standard;
        }

        public string Address(string name, string standard)
        {
            var text = Text(name, standard).TrimEnd('/');
            var shown = text[(text.LastIndexOf('@') + 1)..];
            if (Parse(text) is not { } listens)
                faults.Add($"{name} \"{shown}\" is not an address to listen on; write for example {standard}.");
            else if (!IPAddress.TryParse(listens.Host, out _) && !IsLoopback(listens.Host)
                && listens.Host is not ("*" or "+"))
                faults.Add(
                    $"{name} \"{shown}\" must name an IP address, localhost or *, and no user; write for example "
                        + $"http://0.0.0.0:5080 behind a proxy that does TLS.");
            else if (listens is { Port: 0 } && listens.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
                faults.Add(
                    $"{name} \"{shown}\" can't have the port 0, which takes one IP address; write http://127.0.0.1:0.");
            return text;
        }

        private static BindingAddress? Parse(string text)
        {
            try
            {
                var listens = BindingAddress.Parse(text);
                var isHttp = IsTls(listens) || listens.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);
                return isHttp
                    && listens is { IsUnixPipe: false, IsNamedPipe: false, PathBase: "",
                        Port: >= 0 and <= ushort.MaxValue } ? listens : null;
            }
            catch (FormatException)
            {
                return null;
            }
        }

        public void RefuseUnknown()
        {
            foreach (var (name, _) in from.AsEnumerable().Where(s => s.Value is not null && !Known.Contains(s.Key)))
            {
                var section = name.Split(':')[0];
                var isOurs = Sections.Contains(section, StringComparer.OrdinalIgnoreCase);
                if (isOurs
                    || (name.Contains(':') && !OthersSections.Contains(section, StringComparer.OrdinalIgnoreCase)))
                    faults.Add(
                        $"{name} is not a setting; remove it or correct its name: {string.Join(", ", Known.Where(k => !isOurs || k.StartsWith(section, StringComparison.OrdinalIgnoreCase)))}.");
                else if (Known.FirstOrDefault(
                    k => k.Replace(':', '_').Equals(name, StringComparison.OrdinalIgnoreCase)) is { } meant)
                    faults.Add($"SAK_{name} is not read; write two underscores: SAK_{meant.Replace(":", "__")}.");
            }
        }
    }
}

/// <summary>Settings that can't be used: all faults at once, each with its fix.</summary>
public sealed class SettingsException(IReadOnlyList<string> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = faults;
}

/// <summary>Something outside that stops the server; the message is one sentence and what to do.</summary>
public sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
