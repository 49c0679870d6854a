using Sak.Server.Api;
using Sak.Server.Books;
using Sak.Server.Catalog;
using Sak.Server.Customers;
using Sak.Server.Orders;
using Sak.Server.Replies;
using Sak.Server.Shops;
using Sak.Server.Sync;

namespace Sak.Server;

/// <summary>The contents page: every address that this server answers, by hand.</summary>
public static class Endpoints
{
    public static void MapSak(this IEndpointRouteBuilder routes)
    {
        ProcessMessage.Map(routes);
        ExchangeChanges.Map(routes);
        WatchChanges.Map(routes);
        HoldNumber.Map(routes);
        ListProducts.Map(routes);
        SaveProduct.Map(routes);
        ImportProducts.Map(routes);
        ImportPriceRules.Map(routes);
        ListOrders.Map(routes);
        ListCustomers.Map(routes);
        ExportOrders.Map(routes);
        Health.Map(routes);
    }
}
