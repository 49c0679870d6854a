using System.CommandLine;
using Sak.Tools.Bench.Agent;

namespace Sak.Tools.Bench.Server;

/// <summary>
/// bench server: what the server's program takes in memory, and in processor time for each request, on the embedded
/// database. With <c>--beside</c> another build of the server is measured in turn with this one.
/// </summary>
public static class BenchServerCommand
{
    public static Command Create()
    {
        var beside = new Option<string?>("--beside")
        {
            Description = "Another build's sak-server.dll, measured in turn; its figures are the floor.",
        };
        var requests = new Option<int>("--requests")
        {
            Description = "Requests of each kind in a round.",
            DefaultValueFactory = _ => 5_000,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds, each with a new process.",
            DefaultValueFactory = _ => 3,
        };
        var products = new Option<int>("--products")
        {
            Description = "Products of the shop.",
            DefaultValueFactory = _ => 1_000,
        };
        var command = new Command("server",
            "Memory of the server and its processor time for each request; one JSON line each.")
                { beside, requests, rounds, products };
        command.SetAction((line, cancel) => RunAsync(line.GetValue(rounds), line.GetValue(requests),
            line.GetValue(products), line.GetValue(beside), cancel));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, int requests, int products, string? beside,
        CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("sak-bench-").FullName;
        try
        {
            var measured = new ServerRounds(folder, requests, products);
            await measured.AddAsync("sak", House.ServerProgram, cancel);
            if (beside is not null) await measured.AddAsync("beside", beside, cancel);
            for (var round = 0; round < rounds; round++) await measured.RunAsync(cancel);
            foreach (var figure in measured.Figures()) Figure.Line(figure);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
