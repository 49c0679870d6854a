namespace Sak.Agent.Sync;

/// <summary>How the connection to the cloud is.</summary>
public enum CloudState
{
    /// <summary>No address is set.</summary>
    Off,
    Connected,

    /// <summary>The first load is running.</summary>
    Loading,
    Unreachable,

    /// <summary>The cloud refuses this PC, for example its key.</summary>
    Refused,
}
