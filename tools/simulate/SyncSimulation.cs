using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Tools.Simulate;

/// <summary>
/// One seed, one world: a shop with two or three PCs and an editor in the cloud, first in a storm of faults, then
/// in calm. Only network, clock, crashes and chance are simulated; session, replica, triggers, server and
/// databases are real.
/// </summary>
public sealed class SyncSimulation
{
    private const int StormSteps = 45;
    private readonly Random _random;
    private readonly SimFaults _faults;
    private readonly SimClock _clock = new(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
    private readonly SimModel _model = new();
    private readonly List<SimAgent> _agents = [];
    private readonly SimServer _server;
    private readonly SimTrade _trade;
    private readonly SimEditor _editor;
    private readonly CancellationToken _cancel;
    private int _depth;

    private SyncSimulation(int seed, SimServer server, SimFaults faults, SimClock clock, CancellationToken cancel)
    {
        (_random, _server, _faults, _clock, _cancel) = (new Random(seed), server, faults, clock, cancel);
        _trade = new SimTrade(_random, clock);
        _editor = new SimEditor(server, _model, _random, _trade);
        server.Committed = Committed;
    }

    /// <summary>Runs the world of a seed. Throws <see cref="SimFailedException"/> with what does not hold.</summary>
    public static async Task RunAsync(int seed, SimFaults faults, CancellationToken cancel)
    {
        var memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        var folder = Directory.CreateDirectory(
            Path.Combine(memory, $"sak-sim-{Environment.ProcessId}-{seed}-{Guid.NewGuid():N}"));
        try
        {
            var clock = new SimClock(new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero));
            using var server = await SimServer.OpenAsync(folder.FullName, clock, cancel);
            await new SyncSimulation(seed, server, faults, clock, cancel).RunAsync(folder.FullName);
        }
        catch (Exception error) when (error is not (SimFailedException or OperationCanceledException))
        {
            throw new SimFailedException(error.ToString());
        }
        finally
        {
            folder.Refresh();
            if (folder.Exists) folder.Delete(recursive: true);
        }
    }

    private async Task RunAsync(string folder)
    {
        try
        {
            for (var i = _random.Next(2, 4); i > 0; i--)
            {
                var name = ((char)('A' + _agents.Count)).ToString();
                var line = new SimLine(_server, _faults, _random, MeanwhileAsync);
                _agents.Add(new SimAgent(name, Path.Combine(folder, $"{name}.db"), line, _clock, _faults, _random));
                await _agents[^1].OpenAsync(_cancel);
            }

            await StormAsync();
            await CalmAsync();
            await JudgeAsync();
        }
        finally
        {
            foreach (var agent in _agents) await agent.DisposeAsync();
        }
    }

    private async Task StormAsync()
    {
        foreach (var agent in _agents) agent.Line.Weather = _random.Next(10, 70);
        for (var step = 0; step < StormSteps; step++)
        {
            _clock.Move(TimeSpan.FromSeconds(_random.Next(1, 120)));
            if (_server.DownFor > 0) _server.DownFor--;
            await StepAsync();
        }
    }

    private async Task StepAsync()
    {
        var agent = _agents[_random.Next(_agents.Count)];
        switch (_random.Next(16))
        {
            case < 6:
                await agent.WriteAsync(shop => _trade.Any(shop, agent.Name), _cancel);
                break;
            case < 11:
                await SyncAsync(agent);
                break;
            case < 13:
                await _editor.AnyAsync(_cancel);
                break;
            case 13:
                await agent.Line.DeliverLateAsync(_cancel);
                break;
            case 14:
                agent.DieAfter(_random.Next(4));
                break;
            default:
                await OddAsync(agent);
                break;
        }
    }

    private async Task OddAsync(SimAgent agent)
    {
        switch (_random.Next(4))
        {
            case 0:
                _faults.Strike(SimFault.ClockStep);
                _clock.Move(TimeSpan.FromMinutes(_random.Next(-90, 90)));
                break;
            case 1:
                await agent.LoseRowAsync(_cancel);
                break;
            default:
                agent.WriteBesides(shop => _trade.Any(shop, agent.Name));
                break;
        }
    }

    // While a request or an answer travels, others act, and the same PC writes too.
    private async Task MeanwhileAsync()
    {
        if (_depth > 2) return;
        _depth++;
        var agent = _agents[_random.Next(_agents.Count)];
        if (_random.Next(3) == 0) await _editor.AnyAsync(_cancel);
        else if (_syncing.Contains(agent) || _random.Next(2) == 0) await WriteQuietlyAsync(agent);
        else await SyncAsync(agent);
        _depth--;
    }

    private readonly HashSet<SimAgent> _syncing = [];

    private Task WriteQuietlyAsync(SimAgent agent)
    {
        if (_random.Next(4) == 0) agent.WriteBesides(shop => _trade.Any(shop, agent.Name));
        else return _syncing.Contains(agent)
            ? agent.WriteAliveAsync(shop => _trade.Any(shop, agent.Name), _cancel)
            : agent.WriteAsync(shop => _trade.Any(shop, agent.Name), _cancel);
        return Task.CompletedTask;
    }

    private async Task<bool> SyncAsync(SimAgent agent)
    {
        _syncing.Add(agent);
        var agreed = await agent.SyncAsync(_cancel);
        _syncing.Remove(agent);
        return agreed;
    }

    private void Committed(SyncHead head, IReadOnlyList<Change> changes, BatchAnswer answer)
    {
        _agents.Single(a => a.Replica == head.Replica).Taken(changes);
        var parked = _model.Push(changes);
        var refused = answer.Refusals.Where(r => r.Kind == RefusalKind.Parked).Select(r => r.Sequence).ToList();
        if (!parked.SequenceEqual(refused))
            throw new SimFailedException(
                $"Parked must be [{string.Join(' ', parked)}], but was "
                    + $"[{string.Join(", ", answer.Refusals.Select(r => $"{r.Sequence} {r.Kind} {r.Reason}"))}].");
    }

    private async Task CalmAsync()
    {
        _server.DownFor = 0;
        foreach (var agent in _agents)
        {
            agent.Line.Weather = 0;
            agent.StayAlive();
            await agent.Line.DeliverLateAsync(_cancel);
        }

        for (var round = 0; round < 40; round++)
        {
            _clock.Move(TimeSpan.FromHours(2));
            var quiet = true;
            foreach (var agent in _agents)
            {
                await agent.WriteAsync(_trade.Correct, _cancel);
                if (await agent.IsPendingAsync(_cancel)) quiet = false;
                if (!await SyncAsync(agent)) quiet = false;
            }

            if (quiet && round > 2) return;
        }

        throw new SimFailedException(
            "After forty rounds of calm something still waits or is parked: " + await PendingAsync());
    }

    private async Task<string> PendingAsync()
    {
        var found = new List<string>();
        foreach (var agent in _agents)
            found.AddRange(await agent.ReadAsync(
                c => c.List(
                    """
                    SELECT 'log ' || op || ' ' || tbl || ' ' || id FROM change_log
                    UNION ALL
                    SELECT kind || ' ' || tbl || ' ' || id || ' ' || reason FROM refusals
                    WHERE settled_at IS NULL AND kind = 'parked'
                    """,
                    r => $"{agent.Name}: {r.GetString(0)}"),
                _cancel));
        return string.Join("; ", found.Take(10));
    }

    private async Task JudgeAsync() => await new SimJudge(_server, _model, _trade, _agents).JudgeAsync(_cancel);
}
