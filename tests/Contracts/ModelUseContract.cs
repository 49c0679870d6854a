using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Commands;
using Sak.Server.Data;
using Sak.Server.Replies;
using Sak.Server.Settings;
using Sak.Sync.Model;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>What turns with a model take of the database, on every engine.</summary>
public abstract class ModelUseContract(Engine engine)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ModelSettings Model(RawProvider provider) =>
        new(ServerSettings.OpenAi, provider.Address + "/v1", "key", "stub", 60, 5, 1_000, 500_000);

    private static ProcessMessageRequest Turn() => new(
        Protocol.Version, Guid.CreateVersion7(), [new TurnMessage("m1", "hello", DateTimeOffset.UnixEpoch)], [],
        BasketState.Empty, [], "en", new Dictionary<string, string>(), 0);

    private static async Task<Reply> AskAsync(HttpClient client)
    {
        using var response = await client.PostAsJsonAsync("/api/process-message", Turn(), Cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Reply>(Cancel))!;
    }

    [Fact]
    public async Task Forty_turns_that_wait_for_a_model_hold_no_connection_to_the_database()
    {
        var release = new TaskCompletionSource();
        await using var provider = await RawProvider.StartAsync(async http =>
        {
            await release.Task.WaitAsync(http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }, Cancel);
        await using var first = await TestServer.StartAsync(engine, Model(provider));
        var (key, _) = await first.AddShopAsync();
        // SQLite has no such bound; the other engines lend four connections to everybody.
        var bound = engine switch
        {
            Engine.Sqlite => "",
            Engine.Postgres => ";Maximum Pool Size=4",
            _ => ";Max Pool Size=4",
        };
        await using var server = await first.SecondAsync(first.Settings.Connection + bound);
        var client = server.Client(key.Key);

        var turns = Enumerable.Range(0, 40).Select(_ => AskAsync(client)).ToList();
        await Eventually.IsTrueAsync(() => provider.Requests == 40, "forty turns ask the model");
        await using var db = server.Database();
        using (var products = await client.GetAsync("/api/products", Cancel)) products.EnsureSuccessStatusCode();
        Assert.All(turns, turn => Assert.False(turn.IsCompleted));

        release.SetResult();
        Assert.All(await Task.WhenAll(turns), reply => Assert.Equal(Reply.ByReader, reply.By));
        Assert.Equal(40, (await db.ModelUse.SingleAsync(Cancel)).Refused);
    }

    [Fact]
    public async Task Each_turn_is_counted_once_with_why_and_its_tokens_and_the_table_shows_them()
    {
        await using var server = await TestServer.StartAsync(engine);
        var (asha, _) = await server.AddShopAsync();
        var (other, _) = await server.AddShopAsync("Other");
        var day = TimeProvider.System.GetUtcNow();
        ModelFailure?[] counts = [null, null, .. Enum.GetValues<ModelFailure>().Select(f => (ModelFailure?)f)];
        await Task.WhenAll(counts.Select(async failure =>
        {
            await using var db = server.Database();
            await new Budget(db, server.Settings, TimeProvider.System)
                .CountAsync(asha.Shop, Run(failure, 100, 20), wordsRefused: failure is null, Cancel);
        }));
        await using var table = server.Database();
        await new Budget(table, server.Settings, TimeProvider.System)
            .CountAsync(other.Shop, Run(null, 7, 3), wordsRefused: false, Cancel);
        table.ModelUse.Add(new ModelUseRow { ShopId = other.Shop, Day = Budget.Day(day.AddDays(-7)), Tokens = 5 });
        await table.SaveChangesAsync(Cancel);

        var lines = await UsageCommand.ReadAsync(table, null, 7, TimeProvider.System, Cancel);
        Assert.Equal([("Asha Stores", 2, 6, 800L, 160L), ("Other", 1, 0, 7L, 3L)],
            lines.Select(l => (l.Shop, l.ByModel, l.ByReader, l.InputTokens, l.OutputTokens)));
        Assert.Equal("1 over budget, 1 too slow, 1 unreachable, 1 refused, 1 bad answer, 1 tool failed",
            lines[0].Why.ToString());
        Assert.Contains("160  Asha Stores (1 over budget", UsageCommand.Text(lines[0]));
        Assert.Equal((2, 0), (lines[0].WordsRefused, lines[1].WordsRefused));
        Assert.Contains("; words not used: 2", UsageCommand.Text(lines[0]));
        Assert.Equal(day.ToString("yyyy-MM-dd"), lines[0].Day);
        var ofOther = await UsageCommand.ReadAsync(table, "Other", 8, TimeProvider.System, Cancel);
        Assert.Equal([7L, 5L], ofOther.Select(l => l.InputTokens));
    }

    private static ModelRun Run(ModelFailure? failure, long input, long output) =>
        new(null, failure is { } kind ? new TalkFailure(kind, "") : null, input, output);
}

public sealed class ModelUseOnSqlite() : ModelUseContract(Engine.Sqlite);

public sealed class ModelUseOnPostgres() : ModelUseContract(Engine.Postgres);

public sealed class ModelUseOnSqlServer() : ModelUseContract(Engine.SqlServer);
