using FastEndpoints;
using Sak.Server.Api.Document;

namespace Sak.Server.Api;

/// <summary>
/// The endpoints that certain roles may call. <see cref="ShopAuth"/> has looked at the key before the endpoint is
/// reached, so the checks of FastEndpoints, which would need ASP.NET's own authentication, are off.
/// </summary>
public abstract class RoleGroup : Group
{
    protected RoleGroup(Roles roles) => Configure("", endpoint =>
    {
        endpoint.AllowAnonymous();
        endpoint.Options(route => ShopAuth.Require(route, roles)
            .Refuses(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
                StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError));
    });
}

/// <summary>The agents on the shop's PCs.</summary>
public sealed class Devices() : RoleGroup(Roles.Device);

/// <summary>Every key of the shop.</summary>
public sealed class Readers() : RoleGroup(Roles.Readers);

/// <summary>Who runs the shop, and who runs the server for it.</summary>
public sealed class Staff() : RoleGroup(Roles.Staff);

/// <summary>Staff, and the agent: an owner imports files at the PC too.</summary>
public sealed class Importers() : RoleGroup(Roles.Staff | Roles.Device);

/// <summary>Open to everybody, without a key.</summary>
public sealed class Anybody : Group
{
    public Anybody() => Configure("", endpoint =>
    {
        endpoint.AllowAnonymous();
        endpoint.Options(route => ShopAuth.Open(route));
    });
}
