using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Agent.Catalog;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Tools.Understand;

/// <summary>
/// <c>bench understanding</c>: how long the reader takes a message on the PC, in one thread, over the agent's own index
/// in a SQLite file, beside one plain FTS5 query on the same file in the same run; and how long the longest turns take,
/// beside cutting their letters into words. One JSON line a workload.
/// </summary>
internal static class BenchUnderstanding
{
    private static readonly string[] Things = ["pipe", "valve", "elbow", "cable", "switch", "lamp", "hinge", "screw",
        "filter", "gasket", "bearing", "hose", "paint", "brush", "sealant", "adhesive", "bracket", "socket", "wire",
        "clamp", "washer", "rivet", "drill", "chisel", "hammer", "pliers", "wrench", "ladder", "bucket", "mortar"];
    private static readonly string[] Makes = ["alba", "bexo", "corvin", "dalmar", "ervik", "fontan", "galvor",
        "hestia", "inkora", "jasper", "kolmer", "lumina", "morvan", "nordik", "oxalis", "pelikan", "quorra", "ravello",
        "solaris", "tavira", "umbrex", "velora", "wexford", "xantos", "yarrow", "zenith"];
    private static readonly string[] Kinds = ["brass", "steel", "copper", "plastic", "chrome", "heavy", "flexible",
        "rigid", "coated", "galvanised", "outdoor", "indoor", "premium", "compact"];
    private static readonly string[] Sizes = ["10 mm", "15 mm", "20 mm", "25 mm", "1/2 inch", "1 inch", "2 inch",
        "500 ml", "1 L", "5 L", "250 g", "1 kg"];

    /// <summary>
    /// Arguments: <c>--products N</c> (default 10000), <c>--messages N</c> (default 2000), <c>--build N</c> (default
    /// 100000; 0 leaves it out).
    /// </summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        var products = Number(args, "--products", 10_000);
        var messages = Number(args, "--messages", 2_000);
        var build = Number(args, "--build", 100_000);
        await MeasureReadingAsync(products, messages, Console.Out, cancel);
        await MeasureLongTurnAsync(products, Console.Out, cancel);
        if (build > 0) await MeasureBuildAsync(build, Console.Out, cancel);
        return 0;
    }

    private static int Number(string[] args, string name, int otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            && int.TryParse(args[at + 1], out var value) ? value : otherwise;

    private static async Task MeasureReadingAsync(int products, int count, TextWriter output, CancellationToken cancel)
    {
        using var file = new Replica(products);
        file.Index();
        using var shared = file.Open();
        var search = new TimedSearch(new CatalogIndex(file.Open));
        var texts = Enumerable.Range(0, count).Select(i => Text(new Random(i), products)).ToList();
        foreach (var text in texts.Take(200)) await OrderReader.ReadAsync(Request(text), search, cancel);
        var reading = new List<double>(count);
        var query = new List<double>(count);
        var searching = new List<double>(count);
        search.Take();
        for (var i = 0; i < count; i++)
        {
            var watch = Stopwatch.GetTimestamp();
            await OrderReader.ReadAsync(Request(texts[i]), search, cancel);
            searching.Add(search.Take());
            reading.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
            watch = Stopwatch.GetTimestamp();
            file.Query(shared, new Random(i));
            query.Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
        }

        GC.Collect();
        await WriteAsync(output, new
        {
            workload = "read", products, messages = count,
            median_ms = At(reading, 0.5), p99_ms = At(reading, 0.99), max_ms = At(reading, 1),
            search_median_ms = At(searching, 0.5),
            fts_query_median_ms = At(query, 0.5), fts_query_p99_ms = At(query, 0.99),
            ratio_of_medians = Math.Round(At(reading, 0.5) / At(query, 0.5), 2),
            managed_mb = Math.Round(GC.GetTotalMemory(true) / 1048576.0, 1),
            working_set_mb = Math.Round(Environment.WorkingSet / 1048576.0, 1), file_mb = file.Megabytes,
        });
    }

    // The longest turns that there are, beside what no reader goes below: cutting the same letters into words once.
    private static async Task MeasureLongTurnAsync(int products, TextWriter output, CancellationToken cancel)
    {
        using var file = new Replica(products);
        file.Index();
        var search = new CatalogIndex(file.Open);
        await OrderReader.ReadAsync(Request(LongText(0, products)), search, cancel);
        foreach (var count in (int[])[1, 10, 20, 100])
        {
            var texts = Enumerable.Range(0, count).Select(i => LongText(i, products)).ToList();
            var watch = Stopwatch.GetTimestamp();
            await OrderReader.ReadAsync(Request([.. texts]), search, cancel);
            var read = Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
            watch = Stopwatch.GetTimestamp();
            foreach (var text in texts) SearchTerms.Words(text);
            var floor = Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
            await WriteAsync(output, new { workload = "long turn", products, messages = count,
                letters = texts.Sum(t => t.Length), ms = Math.Round(read, 1), words_ms = Math.Round(floor, 1),
                ratio = Math.Round(read / floor, 1) });
        }
    }

    // 4,000 letters of lines.
    private static string LongText(int seed, int products)
    {
        var (random, text) = (new Random(seed), new System.Text.StringBuilder());
        while (text.Length < 4_000) text.Append(Text(random, products)).Append('\n');
        return text.ToString(0, 4_000);
    }

    private static async Task MeasureBuildAsync(int products, TextWriter output, CancellationToken cancel)
    {
        using var file = new Replica(products);
        var before = file.Megabytes;
        var watch = Stopwatch.StartNew();
        file.Index();
        var seconds = watch.Elapsed.TotalSeconds;
        var search = new CatalogIndex(file.Open);
        var reading = new List<double>();
        for (var i = 0; i < 200; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await OrderReader.ReadAsync(Request(Text(new Random(i), products)), search, cancel);
            reading.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        await WriteAsync(output,
            new { workload = "build", products, seconds = Math.Round(seconds, 2),
                index_mb = Math.Round(file.Megabytes - before, 1), median_ms = At(reading, 0.5),
                p99_ms = At(reading, 0.99), working_set_mb = Math.Round(Environment.WorkingSet / 1048576.0, 1) });
    }

    private static double At(List<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))], 3);
    }

    private static Task WriteAsync(TextWriter output, object row) =>
        output.WriteLineAsync(JsonSerializer.Serialize(row));

    private static ProcessMessageRequest Request(params string[] texts) =>
        new(1, Guid.Empty, [.. texts.Select((t, i) => new TurnMessage($"m{i}", t, DateTimeOffset.UnixEpoch))], [],
            BasketState.Empty, [], "", new Dictionary<string, string>(), 0);

    private static string Name(int i) =>
        $"{Makes[i % Makes.Length]} {Kinds[i / Makes.Length % Kinds.Length]} "
            + $"{Things[i / (Makes.Length * Kinds.Length) % Things.Length]}{(i >= 10_920 ? $" m{i / 10_920}" : "")}";

    // One to five lines, some of them misspelled, in the shapes and languages that customers use.
    private static string Text(Random random, int products)
    {
        var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
        {
            var name = Name(random.Next(products));
            if (random.Next(4) == 0) name = name.Remove(random.Next(1, name.Length - 1), 1);
            var quantity = random.Next(1, 50);
            return random.Next(5) switch { 0 => $"{quantity} ctn {name}", 1 => $"{name} {quantity}pcs",
                2 => $"{name} - {quantity}", 3 => $"{quantity} cajas de {name}", _ => $"{name} {quantity} peti" };
        });
        var greeting = random.Next(2) == 0 ? "Hello, please send\n" : "";
        var list = string.Join(random.Next(2) == 0 ? "\n" : ", ", lines);
        return greeting + list + (random.Next(3) == 0 ? "\nthanks, call 98200 11223" : "");
    }

    /// <summary>How much of a reading the index took.</summary>
    private sealed class TimedSearch(ICatalogSearch search) : ICatalogSearch
    {
        private double _milliseconds;

        public double Take() => Interlocked.Exchange(ref _milliseconds, 0);

        public async ValueTask<IReadOnlyList<Product>> FindAsync(IReadOnlyList<string> words, int limit,
            CancellationToken cancel)
        {
            var start = Stopwatch.GetTimestamp();
            var found = await search.FindAsync(words, limit, cancel);
            _milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            return found;
        }

        public ValueTask<IReadOnlyList<Product>> GetAsync(IReadOnlyCollection<string> skus,
            CancellationToken cancel) => search.GetAsync(skus, cancel);
    }

    /// <summary>A file with products as the replica has them, removed when done.</summary>
    private sealed class Replica : IDisposable
    {
        private readonly string _path = Path.Combine(Path.GetTempPath(), $"sak-bench-{Guid.NewGuid():N}.db");

        public Replica(int products)
        {
            using var connection = Open();
            Run(connection, "PRAGMA journal_mode = WAL");
            ProductTable.Create(connection);
            Run(connection, "CREATE INDEX products_sku ON products (sku)");
            Run(connection, "CREATE INDEX stock_movements_product ON stock_movements (product_id)");
            using var transaction = connection.BeginTransaction();
            for (var i = 0; i < products; i++)
                ProductTable.Add(connection, ("sku", $"B-{i:000000}"), ("name", $"{Name(i)} {Sizes[i % Sizes.Length]}"),
                    ("aliases", $"{Name(i)}|{Makes[i % Makes.Length]} {Things[i % Things.Length]} {i}"),
                    ("unit", "pcs"), ("packs", "box:10;ctn:100"), ("price", 100L + i), ("currency", "INR"),
                    ("tax_rate", 1800));

            // Each product was sold three times: what is usual is looked up with every line that is read.
            for (var sale = 1; sale <= 3; sale++)
            {
                Run(connection, $"INSERT INTO order_lines SELECT '{sale}' || id, 1000 * {sale} FROM products");
                Run(connection, $"INSERT INTO stock_movements SELECT id, 'sold', '{sale}' || id FROM products");
            }

            transaction.Commit();
        }

        public double Megabytes => Math.Round(new FileInfo(_path).Length / 1048576.0, 1);

        public SqliteConnection Open()
        {
            var connection = new SqliteConnection($"Data Source={_path}");
            connection.Open();
            return connection;
        }

        public void Index()
        {
            using var connection = Open();
            CatalogIndex.CreateSchema(connection);
            CatalogIndex.Refresh(connection);
            Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }

        /// <summary>The yardstick: one ranked query of three words with its rows.</summary>
        public void Query(SqliteConnection connection, Random random)
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT catalog_rows.sku FROM catalog_search JOIN catalog_rows ON catalog_rows.row = "
                    + "catalog_search.rowid WHERE catalog_search MATCH $query ORDER BY rank LIMIT 50";
            command.Parameters.AddWithValue("$query",
                $"\"{Makes[random.Next(Makes.Length)]}\" OR \"{Kinds[random.Next(Kinds.Length)]}\" OR "
                    + $"\"{Things[random.Next(Things.Length)]}\"");
            using var reader = command.ExecuteReader();
            while (reader.Read()) _ = reader.GetString(0);
        }

        public void Dispose()
        {
            SqliteConnection.ClearAllPools();
            foreach (var end in (string[])["", "-wal", "-shm"]) File.Delete(_path + end);
        }

        private static void Run(SqliteConnection connection, string sql)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }
    }
}
