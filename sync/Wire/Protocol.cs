using Sak.Sync.Replica;

namespace Sak.Sync.Wire;

/// <summary>
/// The version of every request and response of agent ⇄ server. A server answers 426 to a version it does not know.
/// </summary>
public static class Protocol
{
    public const int Version = SyncHead.CurrentProtocol;

    /// <summary>Largest sync request body, in bytes after decompression.</summary>
    public const int MaxSyncBody = 32 * 1024 * 1024;

    /// <summary>
    /// Most changes in one batch (a local transaction is never cut, so one huge transaction may exceed it).
    /// </summary>
    public const int BatchChanges = 5_000;

    /// <summary>Rows between two places at which a first load may be cut and go on.</summary>
    public const int PageRows = 5_000;

    public const string ContentType = "application/x-ndjson";
}
