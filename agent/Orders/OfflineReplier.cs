using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>The reader on this PC, over the catalog on this PC.</summary>
public sealed class OfflineReplier(ICatalogSearch catalog)
{
    public Task<Reply> ReplyAsync(ProcessMessageRequest request, CancellationToken cancel) =>
        OrderReader.ReadAsync(request, catalog, cancel);

    /// <summary>The reading itself, with the signs that the customer gave.</summary>
    public Task<TurnReading> ReadAsync(ProcessMessageRequest request, CancellationToken cancel) =>
        OrderReader.ExplainAsync(request, catalog, cancel);
}
