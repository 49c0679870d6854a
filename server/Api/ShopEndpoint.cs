using FastEndpoints;
using Microsoft.AspNetCore.Http.Features;
using Sak.Server.Data;

namespace Sak.Server.Api;

/// <summary>
/// What the endpoints of a shop share. The group of an endpoint says who may call it: see <see cref="RoleGroup"/>.
/// </summary>
/// <remarks>
/// FastEndpoints makes each endpoint once at the start, to configure it. A constructor may ask for what costs nothing
/// then; what needs EF is resolved by the handler, because a server starts without EF.
/// </remarks>
public abstract class ShopEndpoint<TRequest, TResponse> : Endpoint<TRequest, TResponse> where TRequest : notnull
{
    protected Caller Caller => HttpContext.Features.GetRequiredFeature<Caller>();

    protected SakDb Db => Resolve<SakDb>();

    /// <summary>A request that makes no sense, 400.</summary>
    protected Task RefuseAsync(string detail, IEnumerable<string>? faults = null) =>
        Send.ResultAsync(Problems.BadRequest(detail, faults));
}
