using Sak.Sync.Linked.Settings;

namespace Sak.Server.Settings;

/// <summary>Which model answers, and how much it may take.</summary>
/// <param name="Provider">"none": the same reader as on the PC; "openai": any
/// OpenAI-compatible endpoint; "anthropic".</param>
/// <param name="Endpoint">Empty means the provider's own.</param>
/// <param name="Seconds">For the whole turn, tool calls included; then the reader answers.</param>
/// <param name="TokensPerDay">Per shop and UTC day, in and out; then the reader answers until the next day.</param>
/// <param name="StrictJson">The provider holds the model to the JSON schema of a reply; not every one can.</param>
public sealed record ModelSettings(
    string Provider, string Endpoint, string Key, string Name, int Seconds, int MaxToolRounds, int MaxOutputTokens,
    long TokensPerDay, bool StrictJson = false);

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
        BindingAddress.Parse(Address) is var listens && !ServerSettingsReader.IsTls(listens)
            && !SettingsReader.IsLoopback(listens.Host);

    /// <summary>
    /// Reads appsettings.json beside the program and in the working folder, then variables that start with SAK_, then
    /// --Section:Key=value arguments; later ones win. Throws <see cref="SettingsException"/> with every fault.
    /// </summary>
    /// <param name="canRead">Whether an engine's library can read a connection string.</param>
    /// <param name="folder">The working folder when null.</param>
    /// <param name="environment">The process's own when null.</param>
    public static ServerSettings Load(IReadOnlyList<string> args, Func<string, string, bool> canRead,
        string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var sources = SettingsSources.Open(args, [AppContext.BaseDirectory, folder ?? Environment.CurrentDirectory],
            environment ?? SettingsSources.ProcessEnvironment());
        // What a broken file would have set is unknown: faults that follow from that would only confuse.
        return sources.IsFileBroken ? throw new SettingsException(sources.Faults) : Read(sources, canRead);
    }

    internal static ServerSettings Read(IConfiguration from, Func<string, string, bool> canRead) =>
        Read(SettingsSources.Of(from), canRead);

    private static ServerSettings Read(SettingsSources sources, Func<string, string, bool> canRead)
    {
        var read = new ServerSettingsReader(sources);
        var address = read.Listens("Server:Address", "http://127.0.0.1:5080");
        var folder = read.Text("Server:DataFolder", "sak-data");
        var engine = read.Word("Database:Engine", Sqlite, Sqlite, Postgres, SqlServer);
        var settings = new ServerSettings(address, folder, engine, ReadConnection(read, engine, folder, canRead),
            ReadModel(read));
        read.RefuseUnknownKeys();
        SettingFault[] faults = [.. sources.Faults, .. read.Faults];
        return faults.Length == 0 ? settings : throw new SettingsException(faults);
    }

    private static string ReadConnection(SettingsReader read, string engine, string folder,
        Func<string, string, bool> canRead)
    {
        const string Key = "Database:Connection";
        var text = read.Text(Key, "");
        if (text.Length == 0 && engine == Sqlite) return $"Data Source={Path.Combine(folder, "sak-server.db")}";
        if (text.Length == 0)
            read.Fault(Key, $"is missing, but Database:Engine is {engine}",
                $"Write how the database is reached, for example {Example(engine)}.");
        // The text is not shown: it may hold the password.
        else if (!canRead(engine, text))
            read.Fault(Key, "can't be read", $"Write it as in {Example(engine)}.");
        return text;
    }

    private static string Example(string engine) => engine switch
    {
        Sqlite => "Data Source=sak-server.db",
        Postgres => "Host=127.0.0.1;Database=sak;Username=sak;Password=…",
        _ => "Server=127.0.0.1;Database=sak;User Id=sak;Password=…",
    };

    private static ModelSettings ReadModel(SettingsReader read)
    {
        var model = new ModelSettings(
            read.Word("Model:Provider", None, None, OpenAi, Anthropic),
            read.Text("Model:Endpoint", ""),
            read.Text("Model:Key", ""),
            read.Text("Model:Name", ""),
            read.Whole("Model:Seconds", 20, 1, 120),
            read.Whole("Model:MaxToolRounds", 5, 1, 20),
            read.Whole("Model:MaxOutputTokens", 1_000, 100, 16_000),
            read.Whole("Model:TokensPerDay", 500_000, 0, int.MaxValue),
            read.YesNo("Model:StrictJson", false));
        if (model.Endpoint.Length > 0)
            read.WebAddress("Model:Endpoint", model.Endpoint, "http://127.0.0.1:11434/v1");
        if (model.Provider == None) return model;
        if (model.Name.Length == 0)
            read.Fault("Model:Name", $"is missing, but Model:Provider is {model.Provider}",
                "Write the model's name, or set Model:Provider to none.");
        if (model.Key.Length == 0)
            read.Fault("Model:Key", $"is missing, but Model:Provider is {model.Provider}",
                $"Set SAK_Model__Key to the key of {model.Provider}, or to any text where none is asked for.");
        return model;
    }
}

/// <summary>Settings that can't be used: all faults at once, each with its fix.</summary>
public sealed class SettingsException(IReadOnlyList<SettingFault> faults)
    : Exception(string.Join(Environment.NewLine, faults))
{
    public IReadOnlyList<string> Faults { get; } = [.. faults.Select(fault => fault.ToString())];
}

/// <summary>Something outside that stops the server; the message is one sentence and what to do.</summary>
public sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
