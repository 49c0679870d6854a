namespace Sak.Tools.Simulate;

/// <summary>The faults between an agent and the cloud, and a full batch, as after a long outage.</summary>
public enum SimFault
{
    LostRequest,
    LostAnswer,
    DoubledRequest,
    LateRequest,
    LateAnswer,
    CutAnswer,
    ServerDown,
    ServerKilled,
    AgentKilled,
    ClockStep,
    OtherProgram,
    RowVanished,
    FullBatch,
}

/// <summary>Counts how often each fault struck; a simulation proves nothing about a fault that never struck.</summary>
public sealed class SimFaults
{
    private readonly int[] _struck = new int[Enum.GetValues<SimFault>().Length];

    public int this[SimFault fault] => Volatile.Read(ref _struck[(int)fault]);

    public IEnumerable<SimFault> Never => Enum.GetValues<SimFault>().Where(f => this[f] == 0);

    public void Strike(SimFault fault) => Interlocked.Increment(ref _struck[(int)fault]);

    public override string ToString() => string.Join(", ", Enum.GetValues<SimFault>().Select(f => $"{f} {this[f]}"));
}

/// <summary>The agent's process was killed here.</summary>
public sealed class SimKilledException() : Exception("The simulated process was killed.");

/// <summary>An invariant does not hold.</summary>
public sealed class SimFailedException(string message) : Exception(message);
