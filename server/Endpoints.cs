using FastEndpoints;
using Sak.Server.Api;
using Sak.Server.Api.Document;
using Sak.Server.Books;
using Sak.Server.Catalog;
using Sak.Server.Customers;
using Sak.Server.Orders;
using Sak.Server.Replies;
using Sak.Server.Shops;
using Sak.Server.Sync;

namespace Sak.Server;

/// <summary>The contents page: every endpoint of this server, by hand.</summary>
public static class Endpoints
{
    private static readonly List<Type> All =
    [
        typeof(ProcessMessage),
        typeof(ExchangeChanges),
        typeof(FetchChanges),
        typeof(WatchChanges),
        typeof(HoldNumber),
        typeof(ListProducts),
        typeof(SaveProduct),
        typeof(ImportProducts),
        typeof(ImportPriceRules),
        typeof(ListOrders),
        typeof(ListCustomers),
        typeof(ExportOrders),
        typeof(Health),
        typeof(DescribeApi),
    ];

    public static void AddSakEndpoints(this IServiceCollection services)
    {
        services.AddSingleton(typeof(IRequestBinder<>), typeof(RequestReader<>));
        services.AddFastEndpoints(All);
    }

    public static void UseSakEndpoints(this WebApplication app)
    {
        app.UseFastEndpoints(c =>
        {
            c.Endpoints.ShortNames = true;
            // Whatever can't be read goes to Problems.
            c.Binding.JsonExceptionTransformer = null;
        });
        app.MapSakDocs();
    }
}
