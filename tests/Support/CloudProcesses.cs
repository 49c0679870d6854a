using System.Net.Http.Headers;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Tests.Contracts;
using Sak.Tools;

namespace Sak.Tests.Support;

/// <summary>Server processes over one PostgreSQL, behind a proxy without stickiness.</summary>
public sealed class CloudProcesses : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly Child?[] _processes;

    private CloudProcesses(ServerSettings settings, RoundRobin line) =>
        (Settings, Line, _processes) = (settings, line, new Child?[line.Servers.Length]);

    public ServerSettings Settings { get; }

    public RoundRobin Line { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Skips the running test, with the reason, when there is no PostgreSQL.</summary>
    public static async Task<CloudProcesses> StartAsync(int servers)
    {
        var connection = await (await PostgresServer.GetAsync(Cancel)).NewDatabaseAsync(Cancel);
        var cloud = new CloudProcesses(
            new ServerSettings("", "", ServerSettings.Postgres, connection, TestServer.NoModel),
            await RoundRobin.StartAsync(servers, Cancel));
        await OpenDatabase.MigrateAsync(cloud.Settings, Cancel);
        for (var i = 0; i < servers; i++) await cloud.StartAsync(server: i, Cancel);
        return cloud;
    }

    public SakDb Database() => OpenDatabase.New(Settings);

    public async Task<NewKey> AddShopAsync(string name = "Asha Stores")
    {
        await using var db = Database();
        return await new AddShop(db, TimeProvider.System).ShopAsync(name, "INR", false, "", Cancel);
    }

    public HttpClient Client(string key) =>
        new() { BaseAddress = Line.Address, Timeout = TimeSpan.FromSeconds(60),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) } };

    /// <summary>A server's output.</summary>
    public string Said(int server) => _processes[server]?.Output ?? "";

    public async Task StartAsync(int server, CancellationToken cancel)
    {
        string[] arguments =
        [
            House.ServerProgram, "serve", "--Server:Address", "http://127.0.0.1:0", "--Server:DataFolder", _folder.Path,
            "--Database:Engine", Settings.Engine, "--Database:Connection", Settings.Connection,
        ];
        var process = Child.Start("dotnet", arguments, _folder.Path);
        _processes[server] = process;
        await Eventually.IsTrueAsync(
            () => process.HasExited || process.Output.Contains("listens on ", StringComparison.Ordinal),
            "the server to listen", TimeSpan.FromSeconds(90));
        Assert.False(process.HasExited, process.Output);
        Line.Servers[server] = new Uri(process.Output.Split("listens on ")[1].Split(' ')[0]);
    }

    /// <summary>Kills a server (SIGKILL).</summary>
    public async Task KillAsync(int server)
    {
        Line.Servers[server] = null;
        await _processes[server]!.KillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            if (process is not null) await process.DisposeAsync();
        await Line.DisposeAsync();
        _folder.Dispose();
    }
}
