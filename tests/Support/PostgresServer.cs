using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Sak.Tests.Support.SharedServersEnd))]

namespace Sak.Tests.Support;

/// <summary>
/// PostgreSQL for tests: the server in SAK_TEST_POSTGRES, or else a private cluster in a temporary folder, started once
/// for a test run and stopped at its end. Without either, tests are skipped with the reason.
/// </summary>
public sealed class PostgresServer
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static PostgresServer? _shared;
    private static string? _missing;
    private static Action? _stop;

    private readonly string _connection;

    // A login without rights outside its databases, as OPERATOR.md recommends; null when the tests may not create one.
    private readonly string? _login;

    private PostgresServer(string connection, string? login) => (_connection, _login) = (connection, login);

    /// <summary>The shared server; skips the running test when there is none.</summary>
    public static async Task<PostgresServer> GetAsync(CancellationToken cancel)
    {
        await Gate.WaitAsync(cancel);
        try
        {
            if (_shared is null && _missing is null)
            {
                try
                {
                    _shared = await StartAsync(cancel);
                }
                catch (Exception e) when (e is FileNotFoundException or InvalidOperationException or NpgsqlException)
                {
                    _missing = e.Message;
                }
            }
        }
        finally
        {
            Gate.Release();
        }

        if (_shared is null)
            Assert.Skip($"PostgreSQL: {_missing} Set SAK_TEST_POSTGRES to a connection string, or install PostgreSQL.");
        return _shared;
    }

    /// <summary>
    /// Makes an empty database and returns its connection string, with a login that row-level security applies to.
    /// </summary>
    public async Task<string> NewDatabaseAsync(CancellationToken cancel)
    {
        var name = $"sak_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(_connection);
        await connection.OpenAsync(cancel);
        await using var create = new NpgsqlCommand(
            $"CREATE DATABASE {name}{(_login is null ? "" : $" OWNER {_login}")}", connection);
        await create.ExecuteNonQueryAsync(cancel);
        var made = new NpgsqlConnectionStringBuilder(_connection) { Database = name };
        if (_login is not null) (made.Username, made.Password) = (_login, _login);
        return made.ConnectionString;
    }

    /// <summary>The same database with the login that the tests were given, which may be a superuser.</summary>
    public string AsGiven(string connection) =>
        new NpgsqlConnectionStringBuilder(
            _connection) { Database = new NpgsqlConnectionStringBuilder(connection).Database }.ConnectionString;

    private static async Task<PostgresServer> WithLoginAsync(string given, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(given);
        await connection.OpenAsync(cancel);
        await using var may = new NpgsqlCommand("SELECT rolsuper FROM pg_roles WHERE rolname = current_user",
            connection);
        if (await may.ExecuteScalarAsync(cancel) is not true) return new PostgresServer(given, null);
        var login = $"sak_login_{Guid.NewGuid():N}";
        await using var make = new NpgsqlCommand($"CREATE ROLE {login} LOGIN PASSWORD '{login}'", connection);
        await make.ExecuteNonQueryAsync(cancel);
        return new PostgresServer(given, login);
    }

    private static async Task<PostgresServer> StartAsync(CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("SAK_TEST_POSTGRES") is { Length: > 0 } given)
            return await WithLoginAsync(given, cancel);

        var bin = FindBin()
            ?? throw new FileNotFoundException(
                "no server program is installed under /usr/lib/postgresql or on the PATH.");
        var folder = Directory.CreateTempSubdirectory("sak-postgres-").FullName;
        var data = Path.Combine(folder, "data");
        if (Environment.UserName == "root") await RunAsync("chown", ["postgres", folder], cancel);
        await RunAsUserAsync(Path.Combine(bin, "initdb"),
            ["-D", data, "-U", "sak", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"], cancel);
        var port = FreePort();
        var options =
            $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200";
        await RunAsUserAsync(Path.Combine(bin, "pg_ctl"),
            ["-D", data, "-w", "-t", "60", "-l", Path.Combine(folder, "log"), "-o", options, "start"], cancel);
        _stop = () => Stop(bin, data, folder);
        return await WithLoginAsync(
            $"Host=127.0.0.1;Port={port};Username=sak;Database=postgres;Include Error Detail=true", cancel);
    }

    /// <summary>Stops the private cluster, if there is one, and takes its files away.</summary>
    internal static void StopShared() => _stop?.Invoke();

    private static string? FindBin()
    {
        var roots = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending().Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return roots.Concat(path)
            .FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }

    // PostgreSQL refuses to run as root.
    private static Task RunAsUserAsync(string program, string[] args, CancellationToken cancel) =>
        Environment.UserName == "root"
            ? RunAsync("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. args], cancel)
            : RunAsync(program, args, cancel);

    private static async Task RunAsync(string program, string[] args, CancellationToken cancel)
    {
        // Its output is not piped: the server outlives pg_ctl and would hold the pipe open.
        var start = new ProcessStartInfo(program, args) { WorkingDirectory = "/", RedirectStandardInput = true,
            UseShellExecute = false };
        if (program.EndsWith("initdb", StringComparison.Ordinal)
            || args.Any(a => a.EndsWith("initdb", StringComparison.Ordinal))) start.RedirectStandardOutput = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        if (start.RedirectStandardOutput) await process.StandardOutput.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with code {process.ExitCode}.");
    }

    private static void Stop(string bin, string data, string folder)
    {
        var program = Path.Combine(bin, "pg_ctl");
        string[] args = ["-D", data, "-m", "immediate", "-w", "stop"];
        var start = Environment.UserName == "root"
            ? new ProcessStartInfo("setpriv",
                ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. args])
            : new ProcessStartInfo(program, args);
        start.WorkingDirectory = "/";
        using var process = Process.Start(start);
        process?.WaitForExit(TimeSpan.FromSeconds(20));
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}

/// <summary>Runs at the end of the test run: stops what the tests shared while the runner still waits for it.</summary>
public sealed class SharedServersEnd : IDisposable
{
    public void Dispose() => PostgresServer.StopShared();
}
