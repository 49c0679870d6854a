using Microsoft.EntityFrameworkCore;
using Sak.Server.Catalog;
using Sak.Server.Data;
using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Pricing;
using Sak.Sync.Reading;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>
/// The story of one turn: the reply that is kept, or else the model's within the shop's budget, or else the reader's;
/// then it is kept. No connection to the database is held while a model is asked.
/// </summary>
public sealed class AnswerTurn(SakDb db, ShopCatalogs catalogs, KeptReplies kept, Budget budget, ChatModels models,
    ModelReplier replier, TimeProvider clock, ILogger<AnswerTurn> log)
{
    public async Task<Reply> RunAsync(Guid shopId, ProcessMessageRequest request, CancellationToken cancel)
    {
        if (await kept.FindAsync(shopId, request.TurnId, cancel) is { } known) return known;
        var shop = await db.Shops.SingleAsync(s => s.Id == shopId, cancel);
        var catalog = await catalogs.GetAsync(db, shopId, cancel);
        var rules = await ShopRules.GetAsync(db, shop, request.CustomerId, clock.GetUtcNow(), cancel);
        var (reply, state) = models.Any ? await AskModelAsync(shopId, request, catalog, rules, cancel) : (null, null);
        reply ??= await OrderReader.ReadAsync(request, catalog, cancel);
        var facts = new ShopFacts(shop.Name, shop.Phone, "", "", rules);
        reply = await ReplyWords.ComposeAsync(reply, request, catalog, facts, cancel);
        return await kept.KeepAsync(shopId, request.TurnId, reply with { Model = state }, cancel);
    }

    private async Task<(Reply?, ModelState?)> AskModelAsync(Guid shop, ProcessMessageRequest request,
        ShopCatalog catalog, PriceRules rules, CancellationToken cancel)
    {
        var spent = await budget.SpentAsync(shop, cancel);
        var run = budget.IsSpent(spent) ? OverBudget(spent)
            : await replier.RunAsync(request, catalog, rules, cancel);
        var (reply, fault) = run.Reply is null ? (null, null) : ReplyWords.Judge(run.Reply);
        // Also when whoever asked has gone meanwhile: the tokens are spent.
        await budget.CountAsync(shop, run, wordsRefused: fault is not null, CancellationToken.None);
        if (run.Failure is { } failure)
            log.LogWarning("The model did not answer turn {Turn} of shop {Shop}, the reader did: {Kind}, {Why}",
                request.TurnId, shop, failure.Kind.Text(), failure.Why);
        if (fault is { } words)
            log.LogWarning("The model's words for turn {Turn} of shop {Shop} were not used: {Fault}.", request.TurnId,
                shop, words.Text());
        return (reply, new ModelState(budget.Percent(spent + run.InputTokens + run.OutputTokens),
            run.Failure?.Kind.Text(), fault?.Text()));
    }

    private static ModelRun OverBudget(long spent) => new(null, new TalkFailure(ModelFailure.OverBudget,
        $"its {spent} tokens of today are spent; the reader answers until midnight UTC, or raise Model:TokensPerDay"),
        0, 0);
}
