using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sak.Tests.Support;

/// <summary>A reader of an OpenAPI document, which knows nothing of the server but what the document says.</summary>
internal sealed class ApiReader(JsonElement document)
{
    /// <summary>The role of a caller without a key.</summary>
    public const string Nobody = "nobody";

    public IReadOnlyList<ApiOperation> Operations { get; } =
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from verb in path.Value.EnumerateObject()
           select new ApiOperation(document, verb.Name.ToUpperInvariant(), path.Name, verb.Value),
    ];
}

/// <summary>One operation of the document, and calls of it.</summary>
internal sealed partial class ApiOperation(JsonElement document, string verb, string path, JsonElement operation)
{
    private readonly ApiSchema _schemas = new(document);

    public IReadOnlyList<string> Roles { get; } =
        operation.TryGetProperty("security", out _)
            ? [.. Role().Matches(operation.GetProperty("description").GetString()!).Select(m => m.Value)]
            : [ApiReader.Nobody];

    public override string ToString() => $"{verb} {path}";

    /// <summary>The call of a client that was generated from the document.</summary>
    public HttpRequestMessage Call(bool withOptional) => Call(withOptional, without: null);

    /// <summary>Calls that the document says are refused, each with its status and the role of its key.</summary>
    public IEnumerable<(string What, int Status, string Role, HttpRequestMessage Call)> WrongCalls(
        IReadOnlyList<string> roles)
    {
        if (Roles[0] != ApiReader.Nobody) yield return ("without a key", 401, ApiReader.Nobody, Call(false));
        foreach (var role in roles.Except(Roles).Where(_ => Roles[0] != ApiReader.Nobody))
            yield return ($"as {role}", 403, role, Call(false));
        foreach (var name in Parameters().Where(p => In(p) == "query" && IsRequired(p)).Select(Name))
            yield return ($"without {name}", 400, Roles[0], Call(false, name));
        foreach (var name in Parameters().Where(IsNumber).Select(Name))
            yield return ($"with {name}=x", 400, Roles[0], Call(false, name, $"{name}=x"));
        if (Body() is not { } body) yield break;
        yield return ("with half a body", 400, Roles[0], Call(false, body: "{"));
        if (Refuses(415)) yield return ("with another type of body", 415, Roles[0], Call(false, type: "text/plain"));
    }

    /// <summary>Fails where the answer is not one of the document.</summary>
    public void Hold(HttpResponseMessage answer, string text)
    {
        var status = $"{(int)answer.StatusCode}";
        Assert.True(operation.GetProperty("responses").TryGetProperty(status, out var said),
            $"{this}: {status} is not in the document. {text}");
        Assert.False(string.IsNullOrEmpty(said.GetProperty("description").GetString()));
        if (!said.TryGetProperty("content", out var content))
        {
            Assert.Equal("", text);
            return;
        }

        var type = content.EnumerateObject().Single();
        Assert.Equal(type.Name, answer.Content.Headers.ContentType?.MediaType);
        if (type.Name is "application/json" or "application/problem+json")
            _schemas.Hold(JsonDocument.Parse(text).RootElement, type.Value.GetProperty("schema"), $"{this}: $");
    }

    private HttpRequestMessage Call(bool withOptional, string? without = null, string? instead = null,
        string? body = null, string? type = null)
    {
        var address = path;
        var query = new List<string>();
        foreach (var parameter in Parameters().Where(p => withOptional || IsRequired(p)))
        {
            var value = Uri.EscapeDataString(_schemas.Example(parameter, Schema(parameter)));
            if (In(parameter) == "path") address = address.Replace($"{{{Name(parameter)}}}", value);
            else if (Name(parameter) != without) query.Add($"{Name(parameter)}={value}");
        }

        if (instead is not null) query.Add(instead);
        var request = new HttpRequestMessage(new HttpMethod(verb),
            query.Count == 0 ? address : $"{address}?{string.Join('&', query)}");
        if (Body() is not { } content) return request;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            body ?? _schemas.Example(content.Value, content.Value.GetProperty("schema"))));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type ?? content.Name);
        return request;
    }

    private IEnumerable<JsonElement> Parameters() =>
        operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : [];

    private JsonProperty? Body() =>
        operation.TryGetProperty("requestBody", out var body)
            ? body.GetProperty("content").EnumerateObject().Single()
            : null;

    private bool Refuses(int status) => operation.GetProperty("responses").TryGetProperty($"{status}", out _);

    private static string Name(JsonElement parameter) => parameter.GetProperty("name").GetString()!;

    private static string In(JsonElement parameter) => parameter.GetProperty("in").GetString()!;

    private static bool IsRequired(JsonElement parameter) =>
        parameter.TryGetProperty("required", out var required) && required.GetBoolean();

    private static bool IsNumber(JsonElement parameter) =>
        Schema(parameter).GetProperty("type").GetString() == "integer";

    private static JsonElement Schema(JsonElement parameter) => parameter.GetProperty("schema");

    [GeneratedRegex("device|owner|accountant|operator")]
    private static partial Regex Role();
}
