using System.Diagnostics;
using Sak.Tests.EndToEnd;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>
/// A month's worth of messages that wait when the PC is switched on again. Alone, because the memory that is measured
/// is the whole program's.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class BacklogTests : IAsyncDisposable
{
    private const int Messages = 10_000;
    private const int Chats = 500;
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new() { DropEvents = true };
    private readonly ShopUnderTest _shop;

    public BacklogTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    [Fact]
    public async Task Ten_thousand_messages_of_five_hundred_chats_are_captured_after_a_start_with_none_lost()
    {
        await _shop.ImportCatalogAsync();
        var now = TimeProvider.System.GetUtcNow();
        var ids = Enumerable.Range(0, Messages)
            .Select(i =>
                _whatsApp.CustomerWrites($"9198{i % Chats:00000000}", $"{1 + (i % 9)} sugar",
                    now.AddDays(-30).AddMinutes(i * 4))).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var watch = Stopwatch.StartNew();

        _shop.Open();
        await Eventually.IsTrueAsync(async () => await _shop.CountAsync("SELECT count(*) FROM messages") == Messages,
            "all to be captured", TimeSpan.FromSeconds(90));

        var took = watch.Elapsed;
        var grown = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1_000_000.0;
        TestContext.Current.SendDiagnosticMessage(
            $"{Messages} messages of {Chats} chats captured in {took.TotalSeconds:0.0} s; memory grew by "
                + $"{grown:0.0} MB");
        Assert.Equal(Chats, await _shop.CountAsync("SELECT count(*) FROM chats"));
        Assert.Equal(Messages,
            await _shop.CountAsync(
                $"SELECT count(*) FROM messages WHERE id IN ({string.Join(',', ids.Select(i => $"'{i}'"))})"));
        Assert.True(took < TimeSpan.FromSeconds(60), $"it took {took}");
        Assert.True(grown < 100, $"memory grew by {grown:0} MB");
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }
}
