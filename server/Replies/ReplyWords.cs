using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// Writes the text of a reply on the server, for programs that show it as it is. An agent ignores this text and writes
/// its own. A model's words are used only if they hold nothing that SAK alone may say.
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
        var products = (await catalog.GetAsync(Basket.Skus(request.Basket, reply), cancel)).ToDictionary(p => p.Sku);
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
