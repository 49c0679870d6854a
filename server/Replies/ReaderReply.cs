using Sak.Sync.Answering;
using Sak.Sync.Pricing;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// The reader's reply, with the words that its template gives for this shop's catalog. The agent makes the words anew,
/// from its own; these are for whoever calls the API without one.
/// </summary>
internal static class ReaderReply
{
    public static async Task<Reply> AnswerAsync(ProcessMessageRequest request, ICatalogSearch catalog, ShopFacts shop,
        CancellationToken cancel)
    {
        var reply = await OrderReader.ReadAsync(request, catalog, cancel);
        var found = await catalog.GetAsync(Basket.Skus(request.Basket, reply.Intents), cancel);
        var products = found.ToDictionary(p => p.Sku);
        var change = Basket.Apply(request.Basket, reply.Intents, products);
        // Whether a yes makes an order is decided on the PC, where its number is made.
        if (change.Confirmed) return reply;
        var priced = Prices.Price(change.State.Lines, products, shop.Rules);
        var facts = new ReplyFacts(shop, reply, change, priced, products, null, null,
            [.. request.Messages.Select(m => m.Text)]);
        return reply with { Text = ReplyText.Compose(facts) };
    }
}
