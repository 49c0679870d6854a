using Sak.Server.Sync;

namespace Sak.Server;

/// <summary>The contents page: every address that this server answers, by hand.</summary>
public static class Endpoints
{
    public static void MapSak(this IEndpointRouteBuilder routes)
    {
        ExchangeChanges.Map(routes);
        Health.Map(routes);
    }
}
