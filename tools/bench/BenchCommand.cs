using System.CommandLine;
using Npgsql;
using Sak.Server.Settings;

namespace Sak.Tools.Bench;

/// <summary>
/// bench sync: runs SAK's agent and server as processes beside the floor (the least code that does the same work), in
/// turn, on the same rows.
/// </summary>
public static class BenchCommand
{
    public static Command Create() =>
        BenchReport.AddTo(
            new("bench", "Speed and memory, one JSON line a workload, each beside a floor in the same run.")
            {
                Sync(), Understanding(), Agent.BenchAgentCommand.Create(), Agent.BenchAgentCommand.CreateTurns(),
                Server.BenchServerCommand.Create(), Client(), Floor(), FleetOfAgents(),
            });

    private static Command Understanding()
    {
        var command = new Command("understanding",
            "Reading a message and building the index, beside one FTS5 query on the same database.")
                { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((line, cancel) => Understand.BenchUnderstanding.RunAsync([.. line.UnmatchedTokens], cancel));
        return command;
    }

    private static Command Sync()
    {
        var pg = new Option<string?>("--pg")
        {
            Description =
                "A PostgreSQL login that may create databases, for example \"Host=127.0.0.1;Username=postgres\".",
        };
        var engine = new Option<string>("--database")
        {
            Description = "postgres (with --pg), or sqlite: the embedded default, without a floor.",
            DefaultValueFactory = _ => "postgres",
        };
        var runs = Count("--runs", 7, "Measured rounds.");
        var warm = Count("--warmup", 2, "Rounds before.");
        var products = Count("--products", 20_000);
        var customers = Count("--customers", 2_000);
        var orders = Count("--orders", 5_000);
        var big = Count("--big", 100_000, "Products of the big first sync; 0 leaves it out.");
        var agents = new Option<int>("--agents")
        {
            Description = "Instead: so many shops at once, each with its own replica, taking orders at a steady pace.",
        };
        var seconds = Count("--seconds", 60, "How long --agents take orders.");
        var pace = new Option<double>("--rate")
        {
            Description = "Orders a second of each of --agents.",
            DefaultValueFactory = _ => 4,
        };
        var command = new Command("sync",
            "First sync, upload, nothing to do, changes, a big first sync; one JSON line each.")
        {
            pg, engine, runs, warm, products, customers, orders, big, agents, seconds, pace,
        };
        command.SetAction((line, cancel) => RunAsync(
            new BenchPlan(line.GetValue(runs), line.GetValue(warm), line.GetValue(products), line.GetValue(customers),
                line.GetValue(orders), 3, 100, line.GetValue(big)),
            new FleetPlan(line.GetValue(agents), line.GetValue(seconds), line.GetValue(pace)),
            line.GetValue(engine)!, line.GetValue(pg), cancel));
        return command;
    }

    private static Option<int> Count(string name, int otherwise, string? description = null) =>
        new(name) { Description = description, DefaultValueFactory = _ => otherwise };

    private static async Task<int> RunAsync(BenchPlan plan, FleetPlan fleet, string engine, string? pg,
        CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sak-bench-").FullName;
        try
        {
            var settings = await SettingsAsync(engine, pg, folder, cancel);
            await using var database = new BenchDatabase(settings);
            if (fleet.Agents > 0)
                return await FleetRun.RunAsync(settings, folder, fleet.Agents, fleet.Seconds, fleet.Rate, cancel)
                    ? 0 : 1;
            await using var run = new BenchRun(plan, settings, folder);
            await run.RunAsync(cancel);
            return 0;
        }
        catch (Exception error) when (error is ServerException or NpgsqlException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Command Client()
    {
        var (kind, address, key) = (new Argument<string>("kind"), new Argument<string>("address"),
            new Argument<string>("key"));
        var command = new Command("client", "The measured client; started by sync.") { kind, address, key };
        command.Hidden = true;
        command.SetAction(
            (line, cancel) =>
                BenchClient.RunAsync(line.GetValue(kind)!, new Uri(line.GetValue(address)!), line.GetValue(key)!,
                    cancel));
        return command;
    }

    private static Command FleetOfAgents()
    {
        var (address, folder) = (new Argument<string>("address"), new Argument<string>("folder"));
        var (seconds, pace) = (new Argument<int>("seconds"), new Argument<double>("rate"));
        var command = new Command("fleet", "The measured agents; started by sync --agents.") { address, folder,
            seconds, pace };
        command.Hidden = true;
        command.SetAction(
            (line, cancel) =>
                Fleet.RunAsync(new Uri(line.GetValue(address)!), line.GetValue(folder)!, line.GetValue(seconds),
                    line.GetValue(pace), cancel));
        return command;
    }

    private static Command Floor()
    {
        var (connection, shop) = (new Argument<string>("connection"), new Argument<Guid>("shop"));
        var command = new Command("floor", "The floor's server; started by sync.") { connection, shop };
        command.Hidden = true;
        command.SetAction(
            (line, cancel) => FloorServer.RunAsync(line.GetValue(connection)!, line.GetValue(shop), cancel));
        return command;
    }

    private static async Task<ServerSettings> SettingsAsync(string engine, string? pg, string folder,
        CancellationToken cancel)
    {
        var model = new ModelSettings(ServerSettings.None, "", "", "", 1, 1, 1, 0);
        if (engine == ServerSettings.Sqlite)
            return new ServerSettings("http://127.0.0.1:0", folder, engine,
                $"Data Source={Path.Combine(folder, "cloud.db")}", model);
        if (pg is null) throw new SetupException("Give --pg \"Host=…;Username=…\", or --database sqlite.");
        var name = $"sak_bench_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(pg);
        await connection.OpenAsync(cancel);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync(cancel);
        return new ServerSettings("http://127.0.0.1:0", folder, ServerSettings.Postgres,
            new NpgsqlConnectionStringBuilder(pg) { Database = name }.ConnectionString, model);
    }
}

/// <param name="Changed">Products changed in the cloud before a pull.</param>
internal sealed record BenchPlan(int Runs, int Warmup, int Products, int Customers, int Orders, int Lines, int Changed,
    int Big);

/// <param name="Agents">0: the plan above is run.</param>
internal sealed record FleetPlan(int Agents, int Seconds, double Rate);
