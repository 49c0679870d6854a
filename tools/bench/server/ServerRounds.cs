using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Sak.Agent.Commands;
using Sak.Sync.Replica;
using Sak.Tools.Bench.Agent;

namespace Sak.Tools.Bench.Server;

/// <summary>Starts each build of the server in turn and asks it the same.</summary>
internal sealed class ServerRounds(string folder, int requests, int products)
{
    private readonly List<Build> _builds = [];
    private readonly Dictionary<(string Workload, string System), List<double>> _samples = [];

    private sealed record Build(string System, string Program, string Folder, string Key);

    /// <summary>Makes a shop of its own for this build, with a catalog.</summary>
    public async Task AddAsync(string system, string program, CancellationToken cancel)
    {
        if (!File.Exists(program)) throw new SetupException($"{program} does not exist: build it first.");
        var data = Directory.CreateDirectory(Path.Combine(folder, system)).FullName;
        var (code, output) = await Child.RunAsync("dotnet",
            [program, "shop", "add", "bench", "--currency", "INR", "--json"], data, Environment(data), cancel);
        if (code != 0) throw new SetupException($"{program} shop add failed:\n{output}");
        var key = JsonDocument.Parse(output[output.IndexOf('{')..]).RootElement.GetProperty("key").GetString()!;
        var build = new Build(system, program, data, key);
        _builds.Add(build);
        await using var server = await StartAsync(build, cancel);
        using var answer = await server.Http.PostAsync("/api/products/import",
            new StringContent(Catalog(), Encoding.UTF8, "text/csv"), cancel);
        if (!answer.IsSuccessStatusCode)
            throw new SetupException($"The catalog was not taken: {await answer.Content.ReadAsStringAsync(cancel)}");
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var build in _builds) await RunAsync(build, cancel);
    }

    public IEnumerable<object> Figures() =>
        from sample in _samples
        orderby sample.Key
        let floor = _samples.GetValueOrDefault((sample.Key.Workload, "beside"))
        select new
        {
            workload = sample.Key.Workload, system = sample.Key.System, n = sample.Value.Count,
            median = Figure.At(sample.Value, 0.5), min = sample.Value.Min(), max = sample.Value.Max(),
            over_beside = floor is null ? 0 : Math.Round(Figure.At(sample.Value, 0.5) - Figure.At(floor, 0.5), 1),
        };

    private async Task RunAsync(Build build, CancellationToken cancel)
    {
        await using var server = await StartAsync(build, cancel);
        Note(build, "start_pss_mb", Meter.PssMb(server.Id));
        var version = await VersionAsync(server.Http, cancel);
        string[] paths =
        [
            $"{Exchange(version)}", $"{Exchange(version - 1)}", "/api/products?page=1&size=50",
        ];
        string[] workloads = ["nothing_new_us", "sync_answer_us", "list_products_us"];
        // The first answers compile and fill caches.
        foreach (var path in paths) await AskAsync(server.Http, path, requests / 2, cancel);
        foreach (var (workload, path) in workloads.Zip(paths))
        {
            var before = Meter.CpuMs(server.Id);
            await AskAsync(server.Http, path, requests, cancel);
            Note(build, workload, (Meter.CpuMs(server.Id) - before) * 1000d / requests);
        }

        Note(build, "end_pss_mb", Meter.PssMb(server.Id));
    }

    private static async Task<Running> StartAsync(Build build, CancellationToken cancel)
    {
        var (server, address) = await BenchRun.ListenAsync(
            Child.Start("dotnet", [build.Program], build.Folder, Environment(build.Folder)), cancel);
        var http = new HttpClient { BaseAddress = new Uri(address) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", build.Key);
        (await http.GetAsync("/health", cancel)).EnsureSuccessStatusCode();
        return new Running(server, http);
    }

    private static Dictionary<string, string?> Environment(string data) => new()
    {
        ["SAK_Server__Address"] = "http://127.0.0.1:0", ["SAK_Server__DataFolder"] = data,
        [InstallEntry.ReturnFreedMemory.Name] = InstallEntry.ReturnFreedMemory.Value,
    };

    private static string Exchange(long since) =>
        $"/api/sync?p={SyncHead.CurrentProtocol}&s={Tables.SchemaVersion}&r={Guid.Empty}&v={since}";

    // The last line of an answer is its mark, which holds the shop's version.
    private static async Task<long> VersionAsync(HttpClient http, CancellationToken cancel)
    {
        var answer = await http.GetStringAsync(Exchange(0), cancel);
        using var mark = JsonDocument.Parse(answer.TrimEnd('\n').Split('\n')[^1]);
        return mark.RootElement.GetProperty("mark").GetProperty("version").GetInt64();
    }

    private static async Task AskAsync(HttpClient http, string path, int times, CancellationToken cancel)
    {
        for (var i = 0; i < times; i++)
        {
            using var answer = await http.GetAsync(path, cancel);
            if (answer.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
                throw new SetupException($"{path} answered {(int)answer.StatusCode}.");
            await answer.Content.LoadIntoBufferAsync(cancel);
        }
    }

    private string Catalog() =>
        "sku,name,aliases,unit,pack,price,tax_rate\n"
            + string.Concat(Enumerable.Range(0, products)
                .Select(i => $"SKU-{i:D6},steel pipe {i} mm,,pcs,,{i + 1}.50,18\n"));

    private void Note(Build build, string workload, double value)
    {
        if (!_samples.TryGetValue((workload, build.System), out var list))
            _samples[(workload, build.System)] = list = [];
        list.Add(Math.Round(value, 1));
    }

    private sealed record Running(Child Server, HttpClient Http) : IAsyncDisposable
    {
        public int Id => Server.Id;

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Server.EndAsync(TimeSpan.FromSeconds(5));
            await Server.DisposeAsync();
        }
    }
}
