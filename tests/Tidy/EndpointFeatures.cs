using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sak.Server.Api;
using Sak.Tests.Contracts;

namespace Sak.Tests.Tidy;

/// <summary>
/// Verb, route, query and roles of each endpoint. Routes come from the running server. Roles are tested with a key of
/// each role, so the test does not depend on the framework that checks them.
/// </summary>
internal static class EndpointFeatures
{
    private static readonly Roles[] Each = [Roles.Device, Roles.Owner, Roles.Accountant, Roles.Operator];

    public static async Task<IReadOnlyList<string>> OfServerAsync()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, device) = await server.AddShopAsync();
        var clients = new Dictionary<string, HttpClient> { ["device"] = device };
        foreach (var role in Each[1..]) clients[Name(role)] = await server.AddKeyAsync(key.Shop, Name(role));
        using var stranger = server.Client(null);
        var queries = await QueriesAsync(stranger);

        var lines = new List<string>();
        foreach (var (verb, route) in Routes(server))
        {
            var query = queries.GetValueOrDefault($"{verb} {route}", "");
            lines.Add($"{verb} {route}{query}: {await WhoMayAsync(stranger, clients, verb, route)}");
        }

        foreach (var client in clients.Values) client.Dispose();
        return lines;
    }

    private static async Task<string> WhoMayAsync(
        HttpClient stranger, Dictionary<string, HttpClient> clients, string verb, string route)
    {
        if (await MayAsync(stranger, verb, route)) return "anybody";
        var who = new List<string>();
        foreach (var (role, client) in clients)
            if (await MayAsync(client, verb, route)) who.Add(role);
        return who.Count == 0 ? "nobody" : string.Join(", ", who);
    }

    private static string Name(Roles role) => $"{role}".ToLowerInvariant();

    private static IEnumerable<(string Verb, string Route)> Routes(TestServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from verb in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]
        select (verb, "/" + (endpoint.RoutePattern.RawText ?? "").Trim('/'));

    // An empty request: an allowed caller is told what is missing, any other that it may not call.
    private static async Task<bool> MayAsync(HttpClient client, string verb, string route)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var request = new HttpRequestMessage(new HttpMethod(verb), route.Replace("{", "").Replace("}", ""));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound);
    }

    private static async Task<Dictionary<string, string>> QueriesAsync(HttpClient client)
    {
        var text = await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        using var document = JsonDocument.Parse(text);
        return (from path in document.RootElement.GetProperty("paths").EnumerateObject()
                from verb in path.Value.EnumerateObject()
                where verb.Value.TryGetProperty("parameters", out _)
                let names = from parameter in verb.Value.GetProperty("parameters").EnumerateArray()
                            where parameter.GetProperty("in").GetString() == "query"
                            select parameter.GetProperty("name").GetString()!.ToLowerInvariant()
                where names.Any()
                let query = "?" + string.Join('&', names.Order(StringComparer.Ordinal))
                select (Key: $"{verb.Name.ToUpperInvariant()} {path.Name}", query))
            .ToDictionary(q => q.Key, q => q.query);
    }
}
