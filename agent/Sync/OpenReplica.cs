using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>
/// Opens the shop's database with the capture triggers of the sync and the search index of the catalog.
/// </summary>
public static class OpenReplica
{
    private static readonly ReplicaParts Parts = new(
        Create: CatalogIndex.CreateSchema,
        // What an upgrade does to rows is no change of the shop: it is not captured.
        BeforeUpgrade: connection => connection.Execute(CaptureTriggers.Drop(Tables.All)),
        AfterUpgrade: connection => connection.Execute(CaptureTriggers.Create(Tables.All)),
        BeforeCommit: CatalogIndex.Follow);

    /// <summary>Makes the file if it is not there. Throws <see cref="StoreException"/>.</summary>
    /// <param name="held">The folder's lock, if the caller has it.</param>
    public static ReplicaDb At(string path, TimeProvider clock, DataLock? held = null) =>
        ReplicaDb.Open(path, clock, Parts, held);
}
