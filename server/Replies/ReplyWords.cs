using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// The words of a reply from this shop's own facts, for whoever calls the API without an agent; the agent
/// composes its own. A model's words go on only if they hold nothing that SAK alone may say.
/// </summary>
internal static class ReplyWords
{
    /// <summary>The model's words, judged: with slots for the agent, or none and why.</summary>
    public static (Reply Reply, WordsFault? Fault) Judge(Reply reply)
    {
        if (reply.Text.Length == 0) return (reply with { Slotted = null }, null);
        var fault = ModelWords.Fault(reply.Text, reply.Language);
        return (reply with { Slotted = fault is null ? reply.Text : null, Text = "" }, fault);
    }

    /// <summary>The reply with its text: the model's with its slots filled, or else the template's.</summary>
    public static async Task<Reply> ComposeAsync(Reply reply, ProcessMessageRequest request, ICatalogSearch catalog,
        ShopFacts shop, CancellationToken cancel)
    {
        var skus = Basket.Skus(request.Basket, reply.Intents).Concat(Slots.Skus(reply.Slotted));
        var products = (await catalog.GetAsync([.. skus.Distinct()], cancel)).ToDictionary(p => p.Sku);
        var change = Basket.Apply(request.Basket, reply.Intents, products);
        var priced = Prices.Price(change.State.Lines, products, shop.Rules);
        var facts = new ReplyFacts(shop, reply, change, priced, products, null, null,
            [.. request.Messages.Select(m => m.Text)]);
        var filled = reply.Slotted is { } slotted ? Slots.Fill(slotted, facts) ?? "" : "";
        // Whether a yes makes an order is decided on the PC, where its number is made.
        if (change.Confirmed) return reply with { Text = filled };
        return reply with { Text = ReplyText.Compose(facts with { Reply = reply with { Text = filled } }) };
    }
}
