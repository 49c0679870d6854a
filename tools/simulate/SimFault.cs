namespace Sak.Tools.Simulate;

/// <summary>
/// Everything that can go wrong between an agent and the cloud, and a batch that fills, as after a long outage.
/// </summary>
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

/// <summary>How often each fault struck; a simulation in which one never struck proves nothing about it.</summary>
public sealed class SimFaults
{
    private readonly int[] _struck = new int[Enum.GetValues<SimFault>().Length];

    public int this[SimFault fault] => Volatile.Read(ref _struck[(int)fault]);

    public IEnumerable<SimFault> Never => Enum.GetValues<SimFault>().Where(f => this[f] == 0);

    public void Strike(SimFault fault) => Interlocked.Increment(ref _struck[(int)fault]);

    public override string ToString() => string.Join(", ", Enum.GetValues<SimFault>().Select(f => $"{f} {this[f]}"));
}

/// <summary>The agent's process ended here, without a word.</summary>
public sealed class SimKilledException() : Exception("The simulated process was killed.");

/// <summary>What must hold does not.</summary>
public sealed class SimFailedException(string message) : Exception(message);
