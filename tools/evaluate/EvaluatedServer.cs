using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Sak.Server;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Server.Shops;
using Sak.Sync.Wire;

namespace Sak.Tools.Evaluate;

/// <summary>The real server within this process, on loopback, with a database of its own and the model.</summary>
internal sealed class EvaluatedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerSettings _settings;

    private EvaluatedServer(WebApplication app, ServerSettings settings) => (_app, _settings) = (app, settings);

    public static async Task<EvaluatedServer> StartAsync(ModelSettings model, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sak-evaluate-").FullName;
        var settings = new ServerSettings("http://127.0.0.1:0", folder, ServerSettings.Sqlite,
            $"Data Source={Path.Combine(folder, "sak.db")}", model);
        var app = ServerHost.Build(settings);
        await ServerHost.StartAsync(app, cancel);
        return new EvaluatedServer(app, settings);
    }

    /// <summary>Makes a shop with this catalog; the client carries its device key.</summary>
    public async Task<HttpClient> OpenShopAsync(string name, string catalogFile, CancellationToken cancel)
    {
        await using var db = OpenDatabase.New(_settings);
        var shops = new AddShop(db, TimeProvider.System);
        var device = await shops.ShopAsync(name, "INR", true, "", cancel);
        using var owner = Client((await shops.KeyAsync($"{device.Shop}", "owner", cancel)).Key);
        using var catalog = new StringContent(await File.ReadAllTextAsync(catalogFile, cancel),
            new MediaTypeHeaderValue("text/csv"));
        using var imported = await owner.PostAsync("api/products/import", catalog, cancel);
        return imported.IsSuccessStatusCode
            ? Client(device.Key)
            : throw new SetupException(
                $"{catalogFile} can't be imported: {await imported.Content.ReadAsStringAsync(cancel)}");
    }

    public static async Task<Reply> AskAsync(HttpClient shop, ProcessMessageRequest request, CancellationToken cancel)
    {
        using var response = await shop.PostAsJsonAsync("api/process-message", request, JsonSerializerOptions.Web,
            cancel);
        if (!response.IsSuccessStatusCode)
            throw new SetupException($"The server refused a message ({(int)response.StatusCode}): "
                + await response.Content.ReadAsStringAsync(cancel));
        return (await response.Content.ReadFromJsonAsync<Reply>(JsonSerializerOptions.Web, cancel))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_settings.DataFolder, recursive: true);
    }

    // The model's own deadline ends a question, not the client's.
    private HttpClient Client(string key) => new()
    {
        BaseAddress = new Uri(_app.Urls.First()),
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };
}
