namespace Sak.Server.Api.Document;

/// <summary>For the document: the endpoint reads its body itself.</summary>
/// <param name="Example">A whole body that the endpoint takes.</param>
internal sealed record RawBody(string ContentType, string Description, string Example);

/// <summary>Declares what an endpoint reads, writes and refuses, where types do not say it.</summary>
internal static class RawBodyConventions
{
    public static RouteHandlerBuilder TakesRaw(this RouteHandlerBuilder endpoint, string contentType,
        string description, string example) =>
        endpoint.WithMetadata(new RawBody(contentType, description, example));

    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses) endpoint.ProducesProblem(status);
        return endpoint;
    }
}
