using Sak.Server.Api;
using Sak.Server.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tools.Simulate;

/// <summary>The connection from one agent to the server, with the real wire format and simulated faults.</summary>
public sealed class SimLine(SimServer server, SimFaults faults, Random random, Func<Task> meanwhile) : ICloud
{
    private readonly List<byte[]> _late = [];

    /// <summary>Percentage of exchanges with a fault; 0 in the calm phase.</summary>
    public int Weather { get; set; }

    public async Task<Stream?> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        await SyncWire.WriteRequestAsync(body, head, batch, cancel);
        return await CarryAsync(body.ToArray(), cancel) is { } answer ? new MemoryStream(answer) : null;
    }

    /// <summary>Delivers delayed requests now, after later ones.</summary>
    public async Task DeliverLateAsync(CancellationToken cancel)
    {
        var late = _late.ToList();
        _late.Clear();
        foreach (var body in late)
        {
            try
            {
                await server.HandleAsync(body, null, cancel);
            }
            catch (SyncRefusedException)
            {
                // The caller no longer waits for the answer.
            }
        }
    }

    private async Task<byte[]?> CarryAsync(byte[] body, CancellationToken cancel)
    {
        if (server.DownFor > 0) throw Strike(SimFault.ServerDown);
        SimFault? fault = random.Next(100) < Weather ? (SimFault)random.Next((int)SimFault.ClockStep) : null;
        switch (fault)
        {
            case SimFault.LostRequest:
                throw Strike(SimFault.LostRequest);
            case SimFault.LateRequest:
                _late.Add(body);
                throw Strike(SimFault.LateRequest);
            case SimFault.ServerDown:
                server.DownFor = random.Next(1, 6);
                throw Strike(SimFault.ServerDown);
            case SimFault.ServerKilled:
                await KillServerAsync(body, cancel);
                break;
            case SimFault.DoubledRequest:
                faults.Strike(SimFault.DoubledRequest);
                await HandleAsync(body, cancel);
                await meanwhile();
                break;
        }

        var answer = await HandleAsync(body, cancel);
        return await BackAsync(answer, fault);
    }

    private async Task<byte[]?> BackAsync(byte[]? answer, SimFault? fault)
    {
        switch (fault)
        {
            case SimFault.LostAnswer:
                throw Strike(SimFault.LostAnswer);
            case SimFault.AgentKilled:
                faults.Strike(SimFault.AgentKilled);
                throw new SimKilledException();
            case SimFault.LateAnswer:
                faults.Strike(SimFault.LateAnswer);
                for (var i = random.Next(1, 4); i > 0; i--) await meanwhile();
                return answer;
            case SimFault.CutAnswer when answer is not null:
                faults.Strike(SimFault.CutAnswer);
                return answer[..random.Next(1, answer.Length)];
            default:
                return answer;
        }
    }

    private async Task<byte[]?> HandleAsync(byte[] body, CancellationToken cancel)
    {
        try
        {
            return await server.HandleAsync(body, null, cancel);
        }
        catch (SyncRefusedException refused)
        {
            throw new CloudRefusedException(refused.Problem, refused.Message);
        }
    }

    private async Task KillServerAsync(byte[] body, CancellationToken cancel)
    {
        var before = await server.CountBatchesAsync(cancel);
        try
        {
            await server.HandleAsync(body, random.Next(14), cancel);
        }
        catch (Exception error) when (error is SimKilledException or { InnerException: SimKilledException })
        {
            await server.TellAsync(body, before, cancel);
            throw Strike(SimFault.ServerKilled);
        }
    }

    private CloudUnavailableException Strike(SimFault fault)
    {
        faults.Strike(fault);
        return new CloudUnavailableException($"Simulated: {fault}.");
    }
}
