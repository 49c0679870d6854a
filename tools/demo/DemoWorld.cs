using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tools.Demo;

/// <summary>
/// A shop on loopback, of real components: server and agent as processes, Chromium and wa-js between the agent and the
/// stand-in for WhatsApp, the OpenAI SDK between the server and a stub of a model. All files are in one folder.
/// </summary>
public sealed class DemoWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Dictionary<string, string?> _serverSettings;
    private readonly FakeOpenAi.FakeOpenAi _model;
    private Child? _server;
    private Child? _agent;
    private HttpClient? _owner;

    private DemoWorld(string folder, FakeWhatsAppSite site, FakeOpenAi.FakeOpenAi model,
        Dictionary<string, string?> serverSettings)
    {
        Folder = folder;
        Site = site;
        _model = model;
        _serverSettings = serverSettings;
        AgentFolder = Directory.CreateDirectory(Path.Combine(folder, "agent")).FullName;
    }

    public string Folder { get; }

    public string AgentFolder { get; }

    public string AgentDatabase => Path.Combine(AgentFolder, "shop.db");

    public FakeWhatsAppSite Site { get; }

    /// <summary>The server's address once it has run; the same after a restart.</summary>
    public Uri ServerAddress { get; private set; } = new("http://127.0.0.1:0");

    public string DeviceKey { get; private set; } = "";

    public Child? Server => _server;

    public Child? Agent => _agent;

    /// <summary>Added to the agent's settings at its next start.</summary>
    public Dictionary<string, string?> AgentSettings { get; } = [];

    /// <param name="engine">"sqlite", or "postgres" with a connection string.</param>
    public static async Task<DemoWorld> OpenAsync(string folder, string engine, string connection,
        CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        var model = await FakeOpenAi.FakeOpenAi.StartAsync(FakeOpenAi.FakeBehaviour.Obedient, cancel: cancel);
        var settings = new Dictionary<string, string?>
        {
            ["SAK_Server__DataFolder"] = Directory.CreateDirectory(Path.Combine(folder, "server")).FullName,
            ["SAK_Database__Engine"] = engine,
            ["SAK_Database__Connection"] = connection.Length > 0 ? connection : null,
            ["SAK_Model__Provider"] = "openai",
            ["SAK_Model__Endpoint"] = model.OpenAiEndpoint,
            ["SAK_Model__Name"] = "stub",
            ["SAK_Model__Key"] = "none-needed",
        };
        return new DemoWorld(folder, await FakeWhatsAppSite.StartAsync(cancel: cancel), model, settings);
    }

    /// <summary>Makes the shop and its keys, starts the server, and imports the catalog as the owner.</summary>
    public async Task OpenCloudAsync(string shop, string currency, string catalogFile, CancellationToken cancel)
    {
        DeviceKey = await MakeKeyAsync(["shop", "add", shop, "--currency", currency, "--tax-inclusive", "--json"],
            cancel);
        var ownerKey = await MakeKeyAsync(["key", "add", "--shop", shop, "--role", "owner", "--json"], cancel);
        await StartServerAsync(cancel);
        _owner = new HttpClient
        {
            BaseAddress = ServerAddress,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ownerKey) },
        };
        using var catalog = new StringContent(await File.ReadAllTextAsync(catalogFile, cancel),
            new MediaTypeHeaderValue("text/csv"));
        using var response = await _owner.PostAsync("api/products/import", catalog, cancel);
        if (!response.IsSuccessStatusCode)
            throw new SetupException(
                $"The server refused the catalog: {await response.Content.ReadAsStringAsync(cancel)}");
    }

    public async Task StartServerAsync(CancellationToken cancel)
    {
        _serverSettings["SAK_Server__Address"] = $"http://127.0.0.1:{ServerAddress.Port}";
        _server = Child.Start("dotnet", [House.ServerProgram], Folder, _serverSettings,
            Path.Combine(Folder, "server.log"));
        await UntilAsync(() => _server.HasExited || _server.Output.Contains("listens on", StringComparison.Ordinal),
            "the server to listen", cancel);
        if (_server.HasExited) throw new SetupException($"The server ended at once:\n{_server.Output}");
        var said = _server.Output.Split('\n').First(l => l.Contains("listens on", StringComparison.Ordinal));
        ServerAddress = new Uri(said.Split("listens on ")[1].Split([' ', ','])[0]);
    }

    /// <summary>Kills the server (SIGKILL), whatever it is doing.</summary>
    public async Task KillServerAsync()
    {
        await _server!.KillAsync();
        await _server.DisposeAsync();
    }

    public void StartAgent(string shop, string currency)
    {
        _agent = Child.Start("dotnet", [House.AgentProgram, "run", "--no-tui"], AgentFolder,
            SettingsOfAgent(shop, currency), Path.Combine(Folder, "agent.log"));
    }

    /// <summary>Imports the catalog on the PC, for a shop without a cloud.</summary>
    public async Task ImportOnPcAsync(string shop, string currency, string catalogFile, CancellationToken cancel)
    {
        var (code, output) = await Child.RunAsync("dotnet", [House.AgentProgram, "catalog", "import", catalogFile],
            AgentFolder, SettingsOfAgent(shop, currency), cancel);
        if (code != 0) throw new SetupException($"The agent refused the catalog: {output}");
    }

    /// <summary>Runs another command of the agent and waits for its end, while the agent itself is closed.</summary>
    public Task<(int ExitCode, string Output)> RunAgentAsync(string shop, string currency, CancellationToken cancel,
        params string[] command) =>
        Child.RunAsync("dotnet", [House.AgentProgram, .. command], AgentFolder, SettingsOfAgent(shop, currency),
            cancel);

    /// <summary>Kills the agent (SIGKILL) and with it its browser, as a power cut does.</summary>
    public async Task KillAgentAsync()
    {
        await _agent!.KillAsync(tree: true);
        await _agent.DisposeAsync();
        await Site.WaitForNoBrowserAsync();
    }

    /// <summary>Closes the agent as an owner does, so that the browser saves its profile with the login.</summary>
    public async Task EndAgentAsync()
    {
        await _agent!.EndAsync(TimeSpan.FromSeconds(20));
        await _agent.DisposeAsync();
        _agent = null;
        await Site.WaitForNoBrowserAsync();
    }

    /// <summary>Waits until the agent shows a login code, and scans it with the shop's phone.</summary>
    public async Task LinkPhoneAsync(CancellationToken cancel)
    {
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        most.CancelAfter(Patience);
        var linked = Site.LoginAsync(most.Token);
        await UntilAsync(() => linked.IsCompleted || _agent!.HasExited, "the login code to be scanned", cancel);
        if (!linked.IsCompleted) throw new SetupException($"The agent ended at once:\n{_agent!.Output}");
        await linked;
    }

    /// <summary>Waits until the agent has answered every message and WhatsApp has the replies.</summary>
    public Task AnsweredAsync(CancellationToken cancel) => UntilAsync(
        () => Count(
            "SELECT (SELECT count(*) FROM messages m LEFT JOIN turns t ON t.id = m.turn_id WHERE m.from_me = 0 AND "
                + "(m.turn_id IS NULL OR t.state = 'open')) + (SELECT count(*) FROM outbox WHERE state IN ('queued', "
                    + "'sending'))") == 0,
        "every message to be answered",
        cancel);

    /// <summary>Waits until the running agent has printed this.</summary>
    public Task SaysAsync(string words, CancellationToken cancel) =>
        UntilAsync(() => _agent!.Output.Contains(words, StringComparison.Ordinal), $"the agent to say \"{words}\"",
            cancel);

    /// <summary>Waits until this message is in the agent's database.</summary>
    public Task CapturedAsync(string messageId, CancellationToken cancel) =>
        UntilAsync(() => Count($"SELECT count(*) FROM messages WHERE id = '{messageId}'") == 1,
            $"the message {messageId} to be captured", cancel);

    /// <summary>Waits until the PC has no more changes for the cloud.</summary>
    public Task SyncedAsync(CancellationToken cancel) =>
        UntilAsync(() => Count("SELECT count(*) FROM change_log") == 0, "everything to be synced", cancel);

    /// <summary>Who answered the turn of this message; empty while nobody has.</summary>
    public string RepliedBy(string messageId) =>
        Rows($"SELECT t.replied_by FROM messages m JOIN turns t ON t.id = m.turn_id WHERE m.id = '{messageId}'",
            r => r.GetString(0)).SingleOrDefault() ?? "";

    /// <summary>One number from the agent's database; 0 while there is no database.</summary>
    public long Count(string sql) => Rows(sql, row => row.GetInt64(0)).SingleOrDefault();

    public List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read)
    {
        if (!File.Exists(AgentDatabase)) return [];
        using var connection = new SqliteConnection($"Data Source={AgentDatabase};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        try
        {
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(read(reader));
            return rows;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == 1
            && error.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return []; // The agent is just making it.
        }
    }

    public async Task<JsonElement> CloudAsync(string path, CancellationToken cancel) =>
        await _owner!.GetFromJsonAsync<JsonElement>(path, cancel);

    public async Task<string> ExportAsync(string file, CancellationToken cancel)
    {
        var today = TimeProvider.System.GetUtcNow();
        var bytes = await _owner!.GetByteArrayAsync(
            $"api/exports/orders?from={today.AddDays(-1):yyyy-MM-dd}&to={today.AddDays(1):yyyy-MM-dd}&format=csv",
            cancel);
        await File.WriteAllBytesAsync(file, bytes, cancel);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.EndAsync(TimeSpan.FromSeconds(15));
            await _agent.DisposeAsync();
        }

        if (_server is not null) await _server.DisposeAsync();
        _owner?.Dispose();
        await Site.DisposeAsync();
        await _model.DisposeAsync();
    }

    private Dictionary<string, string?> SettingsOfAgent(string shop, string currency)
    {
        var settings = new Dictionary<string, string?>
        {
            ["SAK_Shop__Name"] = shop,
            ["SAK_Shop__Currency"] = currency,
            ["SAK_Agent__DataFolder"] = AgentFolder,
            ["SAK_WhatsApp__Address"] = Site.Address,
            ["SAK_WhatsApp__Headless"] = "true",
            ["SAK_WhatsApp__BundlePath"] = Setup.Bundle,
            ["SAK_Turns__QuietSeconds"] = "1",
            ["SAK_Send__TypingSeconds"] = "0",
            ["SAK_WhatsApp__SettleSeconds"] = "0",
            ["SAK_Send__PerChatMinute"] = "100",
            ["SAK_Cloud__Address"] = ServerAddress.Port == 0 ? null : ServerAddress.ToString(),
            ["SAK_Cloud__Key"] = ServerAddress.Port == 0 ? null : DeviceKey,
            // A dead cloud refuses at once. A server that has just started and shares two slow processors with Chromium
            // takes longer for its first answer than a customer would wait.
            ["SAK_Cloud__ReplySeconds"] = "30",
            ["SAK_Cloud__SyncSeconds"] = "2",
        };
        foreach (var (name, value) in AgentSettings) settings[name] = value;
        return settings;
    }

    private async Task<string> MakeKeyAsync(string[] arguments, CancellationToken cancel)
    {
        var (code, output) = await Child.RunAsync("dotnet", [House.ServerProgram, .. arguments], Folder,
            _serverSettings, cancel);
        if (code != 0) throw new SetupException($"sak-server {string.Join(' ', arguments)} failed:\n{output}");
        return JsonDocument.Parse(output.Split('\n').Last(l => l.StartsWith('{'))).RootElement.GetProperty("key")
            .GetString()!;
    }

    private async Task UntilAsync(Func<bool> condition, string what, CancellationToken cancel)
    {
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        most.CancelAfter(Patience);
        while (!condition())
        {
            try
            {
                await Task.Delay(50, most.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"Waited {Patience.TotalSeconds:0} s in vain for {what}. "
                        + $"See agent.log and server.log in {Folder}.");
            }
        }
    }
}
