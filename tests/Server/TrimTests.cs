using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sak.Server.Data;
using Sak.Server.Sync;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

public sealed class TrimTests
{
    [Fact]
    public async Task A_server_that_is_started_anew_each_night_forgets_old_deletions_too()
    {
        var cancel = TestContext.Current.CancellationToken;
        var clock = new FakeTimeProvider(TestTime.Start);
        await using var server = await TestServer.StartAsync(Engine.Sqlite,
            replace: services => services.AddSingleton<TimeProvider>(clock));
        var (key, _) = await server.AddShopAsync();
        await using var db = server.Database();
        var longAgo = clock.GetUtcNow() - (TrimSync.KeepDeletions * 2);
        db.Tombstones.Add(
            new TombstoneRow { ShopId = key.Shop, TableName = "products", Id = Guid.NewGuid(), Ver = 1,
                At = longAgo.ToUnixTimeMilliseconds() });
        await db.SaveChangesAsync(cancel);
        var night = clock.GetUtcNow() + TimeSpan.FromHours(12);

        await Eventually.IsTrueAsync(
            async () =>
            {
                if (clock.GetUtcNow() < night) clock.Advance(TimeSpan.FromMinutes(5));
                return await db.Tombstones.CountAsync(cancel) == 0;
            },
            "the deletion to be forgotten");
    }
}
