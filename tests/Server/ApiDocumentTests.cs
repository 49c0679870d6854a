using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sak.Tests.Contracts;
using Sak.Tests.Support;

namespace Sak.Tests.Server;

/// <summary>
/// Reads the OpenAPI document as a generator of clients does, makes each operation's calls from it alone, and holds the
/// server's answers against what the document says.
/// </summary>
public sealed class ApiDocumentTests
{
    private static readonly string[] Roles = ["device", "owner", "accountant", "operator"];

    [Fact]
    public async Task Every_operation_answers_a_call_that_was_made_from_the_document_as_the_document_says()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (document, clients) = await ReadAsync(server);
        foreach (var operation in document.Operations)
        {
            foreach (var withOptional in new[] { false, true })
            {
                using var answer = await clients[operation.Roles[0]].SendAsync(operation.Call(withOptional));
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True((int)answer.StatusCode < 300, $"{operation} answered {answer.StatusCode}: {text}");
                operation.Hold(answer, text);
            }
        }
    }

    [Fact]
    public async Task Every_refusal_is_in_the_document()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (document, clients) = await ReadAsync(server);
        foreach (var operation in document.Operations)
        {
            foreach (var (what, expected, role, call) in operation.WrongCalls(Roles))
            {
                using var answer = await clients[role].SendAsync(call);
                var text = await answer.Content.ReadAsStringAsync();
                Assert.True(expected == (int)answer.StatusCode, $"{operation} {what}: {answer.StatusCode} {text}");
                operation.Hold(answer, text);
            }
        }
    }

    [Fact]
    public async Task The_document_has_every_address_of_the_api_and_no_other()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (document, _) = await ReadAsync(server);
        var routes =
            from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            let address = "/" + endpoint.RoutePattern.RawText!.Trim('/')
            where address == "/health" || address.StartsWith("/api/", StringComparison.Ordinal)
            from verb in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            select $"{verb} {address}";

        Assert.Equal(routes.Order(StringComparer.Ordinal),
            document.Operations.Select(o => $"{o}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_is_written_once_and_not_before_it_is_asked_for()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        using var client = server.Client(null);
        var asked = await Task.WhenAll(Enumerable.Range(0, 8)
            .Select(_ => client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)));

        Assert.Single(asked.Distinct());
        Assert.DoesNotContain(server.Address.Port.ToString(), asked[0]);
    }

    private static async Task<(ApiReader Document, Dictionary<string, HttpClient> Clients)> ReadAsync(TestServer server)
    {
        var (key, device) = await server.AddShopAsync();
        var clients = new Dictionary<string, HttpClient>
            { ["device"] = device, [ApiReader.Nobody] = server.Client(null) };
        foreach (var role in Roles[1..]) clients[role] = await server.AddKeyAsync(key.Shop, role);
        var text = await clients[ApiReader.Nobody].GetStringAsync("/openapi/v1.json");
        return (new ApiReader(JsonDocument.Parse(text).RootElement), clients);
    }
}
