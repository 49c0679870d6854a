using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

/// <summary>All routes of the running server, those that libraries add included.</summary>
public sealed class RoutesTests
{
    private static readonly string[] Open = ["/health", "/openapi/v1.json", "/docs"];

    [Fact]
    public async Task Every_route_is_closed_to_a_caller_without_a_key_except_the_ones_that_are_open_on_purpose()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var stranger = server.Client(null);
        stranger.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        var routes = All(server).ToList();
        Assert.True(routes.Count > 15, $"Only {routes.Count} routes were found.");
        foreach (var (verb, address) in routes.Where(r => !IsOpen(r.Address)))
        {
            foreach (var method in new[] { verb, verb == "GET" ? "HEAD" : verb })
            {
                using var answer = await SendAsync(stranger, method, address);
                Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound,
                    $"{method} {address} answered {answer.StatusCode}.");
            }
        }
    }

    [Theory]
    [InlineData("device")]
    [InlineData("owner")]
    [InlineData("accountant")]
    [InlineData("operator")]
    public async Task What_a_library_maps_by_itself_is_not_there_for_any_key(string role)
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync();
        using var client = await server.AddKeyAsync(key.Shop, role);
        var added = All(server).Where(r => !IsOpen(r.Address) && !r.Address.StartsWith("/api/")).ToList();
        Assert.Contains(("GET", "/_test_url_cache_"), added);
        foreach (var (verb, address) in added)
        {
            using var answer = await SendAsync(client, verb, address);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("There is no such address here", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Every_endpoint_class_is_on_the_contents_page()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var listed = server.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(e => e.Metadata.GetMetadata<FastEndpoints.EndpointDefinition>()?.EndpointType.Name)
            .OfType<string>().Order();
        var written = typeof(Sak.Server.Endpoints).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(FastEndpoints.IEndpoint))).Select(t => t.Name).Order();

        Assert.Equal(written, listed);
    }

    private static bool IsOpen(string address) =>
        Open.Contains(address) || address.StartsWith("/docs/", StringComparison.Ordinal);

    private static IEnumerable<(string Verb, string Address)> All(TestServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from verb in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
        select (verb, "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/'));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string verb, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb),
            address.Replace("{", "").Replace("}", "").Replace("?", ""));
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
    }
}
