using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>Reads a turn and says what the customer wants. The one call in which online and offline differ.</summary>
public interface IReplier
{
    /// <summary>
    /// Throws <see cref="Sak.Sync.CloudUnavailableException"/> or <see cref="Sak.Sync.CloudRefusedException"/> when
    /// there is no answer to be had.
    /// </summary>
    Task<Reply> ReplyAsync(ProcessMessageRequest request, CancellationToken cancel);
}

/// <summary>The reader on this PC, over the catalog on this PC.</summary>
public sealed class OfflineReplier(ICatalogSearch catalog) : IReplier
{
    public Task<Reply> ReplyAsync(ProcessMessageRequest request, CancellationToken cancel) =>
        OrderReader.ReadAsync(request, catalog, cancel);
}
