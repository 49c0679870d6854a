using Sak.Server.Data;
using Sak.Server.Settings;

namespace Sak.Server.Commands;

/// <summary>Runs the server until it is stopped.</summary>
public static class Serve
{
    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        var settings = ServerSettings.Load(args, OpenDatabase.CanRead);
        await using var app = ServerHost.Build(settings);
        await ServerHost.StartAsync(app, cancel);
        // Scripts read this line: with port 0 it is the only place that names the port.
        Console.WriteLine(
            $"sak-server listens on {string.Join(", ", app.Urls)} ({settings.Engine}, model "
                + $"{settings.Model.Provider}). Ctrl+C stops it.");
        if (settings.InTheClear)
            Console.Error.WriteLine("Keys would travel in the clear: put a proxy with TLS before this address.");
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    public static async Task<int> MigrateAsync(string[] args, CancellationToken cancel)
    {
        var settings = ServerSettings.Load(args, OpenDatabase.CanRead);
        var (applied, _) = await OpenDatabase.MigrateAsync(settings, cancel);
        Console.WriteLine(
            applied == 0
                ? "The database is up to date."
                : $"The database was brought up to date ({applied} step{(applied == 1 ? "" : "s")}).");
        return 0;
    }
}
