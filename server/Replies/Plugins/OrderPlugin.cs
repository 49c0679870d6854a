using System.ComponentModel;
using Microsoft.SemanticKernel;
using Sak.Sync.Model;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// What a model may ask of this customer's orders: only what the request itself carries, so no other customer's
/// can be reached.
/// </summary>
public sealed class OrderPlugin(IReadOnlyList<BasketLine> lastOrder)
{
    public sealed record OrderedLine(string Sku, decimal Quantity, string Unit);

    [KernelFunction("last_order")]
    [Description("The lines of this customer's last order, for \"same as last time\"; empty when there is none.")]
    public IReadOnlyList<OrderedLine> LastOrder() =>
        [.. lastOrder.Select(l => new OrderedLine(l.Sku, l.Quantity, l.Unit))];
}
