using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Sak.Agent.Database;
using Sak.Agent.Sync;
using Sak.Sync.Replica;

namespace Sak.Tools.Bench;

/// <summary>
/// The agents of many shops in one process, each with its own replica, that take orders at a steady pace and sync as
/// the real agent does.
/// </summary>
internal static class Fleet
{
    private const int Lines = 3;
    private static readonly SyncSchedule Schedule = new(TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(300));

    /// <summary>Reads one key a line, runs for the given seconds, writes one JSON line.</summary>
    public static async Task RunAsync(Uri address, string folder, int seconds, double ordersASecond,
        CancellationToken cancel)
    {
        var keys = (await Console.In.ReadToEndAsync(cancel)).Split('\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // A commit in SQLite blocks its thread, and each agent stands for a PC that must not wait for another one's
        // disk.
        ThreadPool.SetMinThreads(keys.Length * 2, keys.Length);
        using var handler = new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.Brotli };
        var shops =
            keys.Select(
                (key, i) => new FleetShop(new Uri(address, "/"), key, Path.Combine(folder, $"fleet-{i}.db"), handler))
                .ToList();
        foreach (var shop in shops) await shop.OpenAsync(cancel);
        var began = Stopwatch.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        over.CancelAfter(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(shops.Select(shop => shop.LiveAsync(ordersASecond, Schedule, over.Token, cancel)));
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var waits = shops.SelectMany(s => s.Waits).Order().ToArray();
        double At(double part) =>
            waits.Length == 0 ? 0 : Math.Round(waits[(int)Math.Min(waits.Length - 1, waits.Length * part)], 1);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(
            new FleetResult(shops.Sum(s => s.Taken), waits.Length, shops.Sum(s => s.Errors), Math.Round(took, 1),
                At(0.5), At(0.95), At(0.99), At(1))));
        foreach (var shop in shops) await shop.DisposeAsync();
    }

    /// <summary>One shop: takes an order at each interval and runs a sync session when changes wait.</summary>
    private sealed class FleetShop(Uri address, string key, string file, HttpMessageHandler handler) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<long> _waiting = new();
        private readonly SemaphoreSlim _wrote = new(0);
        private readonly HttpClient _http = new(handler, disposeHandler: false)
        {
            BaseAddress = address,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
        };
        private ReplicaDb _db = null!;
        private SyncSession _session = null!;

        public int Taken { get; private set; }

        public int Errors { get; private set; }

        /// <summary>Milliseconds from an order's commit on the PC to the cloud's answer.</summary>
        public List<double> Waits { get; } = [];

        public async Task OpenAsync(CancellationToken cancel)
        {
            _db = OpenReplica.At(file, TimeProvider.System);
            _session = new SyncSession(new SqliteReplica(_db, TimeProvider.System),
                new CloudClient(_http, TimeSpan.FromMinutes(1)));
            await _session.RunAsync(cancel);
        }

        public async Task LiveAsync(double ordersASecond, SyncSchedule schedule, CancellationToken over,
            CancellationToken cancel)
        {
            await Task.WhenAll(SellAsync(ordersASecond, over, cancel), SyncAsync(schedule, over));
            // Orders of the last second may not have arrived yet.
            await SyncOnceAsync(cancel);
        }

        public async ValueTask DisposeAsync()
        {
            await _db.DisposeAsync();
            _http.Dispose();
            _wrote.Dispose();
        }

        private async Task SellAsync(double ordersASecond, CancellationToken over, CancellationToken cancel)
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds((0.5 + Random.Shared.NextDouble()) / ordersASecond), over)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (over.IsCancellationRequested) return;
                await _db.WriteAsync(connection => BenchOrders.Write(connection, 1, Lines, Taken + 1), cancel);
                _waiting.Enqueue(Stopwatch.GetTimestamp());
                Taken++;
                _wrote.Release();
            }
        }

        // Like the agent's sync loop: a write wakes it, and all rows of an order go together.
        private async Task SyncAsync(SyncSchedule schedule, CancellationToken over)
        {
            while (!over.IsCancellationRequested)
            {
                await ((Task)_wrote.WaitAsync(schedule.Interval, over)).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing);
                await Task.Delay(schedule.Next(0, true, 0), over)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (!over.IsCancellationRequested) await SyncOnceAsync(CancellationToken.None);
            }
        }

        private void Arrived(int orders)
        {
            for (; orders > 0 && _waiting.TryDequeue(out var written); orders--)
                Waits.Add(Stopwatch.GetElapsedTime(written).TotalMilliseconds);
        }

        private async Task SyncOnceAsync(CancellationToken cancel)
        {
            try
            {
                while (_wrote.Wait(0, CancellationToken.None))
                {
                    // This session sends everything written up to here.
                }

                var result = await _session.RunAsync(cancel);
                Errors += result.Refused;
                Arrived(result.ChangesOut / (1 + Lines));
            }
            catch (Exception error) when (error is CloudUnavailableException or CloudRefusedException)
            {
                Errors++;
                await Console.Error.WriteLineAsync(error.Message);
            }
        }
    }
}

/// <param name="Arrived">Orders that the cloud has answered for.</param>
/// <param name="P50">Milliseconds from commit on the PC to the cloud's answer, the schedule's wait included.</param>
internal sealed record FleetResult(int Taken, int Arrived, int Errors, double Seconds, double P50, double P95,
    double P99, double Max);
