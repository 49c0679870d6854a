using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;

namespace Sak.Server.Customers;

/// <summary><c>GET /api/customers?search=&amp;page=&amp;size=</c>: the shop's customers by name.</summary>
public sealed class ListCustomers : ShopEndpoint<ListCustomers.Request, ListPage<ListCustomers.CustomerView>>
{
    public sealed record Request : SearchQuery;

    public sealed record CustomerView(Guid Id, string Name, string Phone, string Language, int Orders);

    public override void Configure()
    {
        Get("/api/customers");
        Group<Readers>();
        PreProcessors(new OnlyKnownQuery<Request>());
        Description(d => d.Refuses(StatusCodes.Status400BadRequest));
        Summary(s => s.Summary = "Customers of the shop; search looks in name and phone.");
    }

    public override Task HandleAsync(Request request, CancellationToken cancel) =>
        request.Fault is { } fault ? RefuseAsync(fault) : ListAsync(request, cancel);

    private async Task ListAsync(Request request, CancellationToken cancel)
    {
        var db = Db;
        var customers = db.Customers.Where(c => c.ShopId == Caller.ShopId);
        if (request.Words is { } words)
            customers = customers.Where(c => c.Name.ToLower().Contains(words) || c.Phone.Contains(words));
        var views = customers.OrderBy(c => c.Name).ThenBy(c => c.Id).Select(c => new CustomerView(
            c.Id, c.Name, c.Phone, c.Language, db.Orders.Count(o => o.ShopId == c.ShopId && o.CustomerId == c.Id)));
        var (total, rows) = await request.ReadAsync(views, cancel);
        await Send.OkAsync(request.Of(total, rows), cancel);
    }
}
