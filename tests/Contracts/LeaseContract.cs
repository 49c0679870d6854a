using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>Which of a shop's PCs answers the shop's number, on every engine.</summary>
public abstract class LeaseContract(Engine engine)
{
    private const string Number = "966500000000";
    private readonly FakeTimeProvider _clock = new(TestTime.Start);

    [Fact]
    public async Task The_first_PC_has_the_number_and_the_second_is_told_who()
    {
        await using var server = await StartAsync();
        var (_, client) = await server.AddShopAsync();

        Assert.Equal(new LeaseAnswer(true, "one", 60), await AskAsync(client, "one"));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new LeaseAnswer(false, "one", 50), await AskAsync(client, "two"));
        Assert.Equal(new LeaseAnswer(true, "one", 60), await AskAsync(client, "one"));
    }

    [Fact]
    public async Task When_ten_PCs_ask_at_once_one_gets_it()
    {
        await using var server = await StartAsync();
        var (_, client) = await server.AddShopAsync();
        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AskAsync(client, $"pc {i}")));

            var holder = Assert.Single(answers, a => a.Mine).Device;
            Assert.All(answers, a => Assert.Equal(holder, a.Device));
            _clock.Advance(TimeSpan.FromSeconds(61)); // Run out: the next round is a race for a row that is there.
        }
    }

    [Fact]
    public async Task When_the_first_is_gone_for_a_minute_the_second_goes_on_and_the_first_is_told_when_it_wakes()
    {
        await using var server = await StartAsync();
        var (_, client) = await server.AddShopAsync();
        await AskAsync(client, "one");

        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False((await AskAsync(client, "two")).Mine);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await AskAsync(client, "two")).Mine);
        Assert.Equal((false, "two"),
            ((await AskAsync(client, "one")) is var told ? (told.Mine, told.Device) : default));
    }

    [Fact]
    public async Task The_owner_can_take_it_over_at_once_and_the_other_does_not_take_it_back_by_itself()
    {
        await using var server = await StartAsync();
        var (_, client) = await server.AddShopAsync();
        await AskAsync(client, "one");

        Assert.True((await AskAsync(client, "two", takeOver: true)).Mine);
        Assert.False((await AskAsync(client, "one")).Mine);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await AskAsync(client, "two")).Mine);
    }

    [Fact]
    public async Task Another_shop_and_another_number_are_apart_and_any_server_of_the_database_says_the_same()
    {
        await using var server = await StartAsync();
        await using var second = await server.SecondAsync();
        var (key, client) = await server.AddShopAsync();
        var (_, neighbour) = await server.AddShopAsync("Neighbour");
        await AskAsync(client, "one");

        Assert.True((await AskAsync(neighbour, "two")).Mine);
        Assert.True((await AskAsync(client, "two", number: "")).Mine);
        await using var db = second.Database();
        Assert.Equal("one", db.NumberLeases.Single(l => l.ShopId == key.Shop && l.Number == Number).Device);
    }

    [Theory]
    [InlineData("+966", "one")]
    [InlineData("966500000000966500000000", "one")]
    [InlineData("966", "")]
    public async Task What_is_no_number_or_no_device_is_refused(string number, string device)
    {
        await using var server = await StartAsync();
        var (_, client) = await server.AddShopAsync();
        using var answer = await client.PostAsJsonAsync("/api/number", new LeaseRequest(number, device));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private Task<TestServer> StartAsync() =>
        TestServer.StartAsync(engine,
            replace: services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock)));

    private static async Task<LeaseAnswer> AskAsync(HttpClient client, string device, bool takeOver = false,
        string number = Number)
    {
        using var answer = await client.PostAsJsonAsync("/api/number", new LeaseRequest(number, device, takeOver));
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<LeaseAnswer>())!;
    }
}

public sealed class LeaseOnSqlite() : LeaseContract(Engine.Sqlite);

public sealed class LeaseOnPostgres() : LeaseContract(Engine.Postgres);

public sealed class LeaseOnSqlServer() : LeaseContract(Engine.SqlServer);
