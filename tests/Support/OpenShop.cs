namespace Sak.Tests.Support;

/// <summary>A shop that is open during a test: the demo's catalog on this PC, WhatsApp in memory, no cloud.</summary>
public abstract class OpenShop : IAsyncLifetime
{
    protected const string Asha = "919800000001";
    protected const string Ravi = "919800000002";
    private readonly Folder _folder = new();

    protected OpenShop() => Shop = new ShopUnderTest(_folder.Path, WhatsApp);

    protected InMemoryWhatsApp WhatsApp { get; } = new();

    protected ShopUnderTest Shop { get; }

    /// <summary>The PC's data folder.</summary>
    protected string DataFolder => _folder.Path;

    /// <summary>The shop's last reply.</summary>
    protected string Said => WhatsApp.Sent[^1].Text;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync()
    {
        await Shop.ImportCatalogAsync();
        Shop.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Shop.DisposeAsync();
        _folder.Dispose();
    }
}
