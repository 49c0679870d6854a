using Sak.Agent.Chats;
using Sak.Agent.Commands;
using Sak.Agent.Database;
using Sak.Agent.Status;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Status;

/// <summary>Compares WhatsApp's store and SAK's database after a real turn.</summary>
public sealed class VerificationTests : IAsyncLifetime
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new() { TellsOwn = true };
    private readonly ShopUnderTest _shop;

    public VerificationTests() => _shop = new ShopUnderTest(_folder.Path, _whatsApp);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _shop.ImportCatalogAsync();
        _shop.Open();
        await _shop.SayAsync(Asha, "2 sugar");
        await _shop.SayAsync(Asha, "yes");
    }

    [Fact]
    public async Task When_everything_was_captured_and_told_they_agree()
    {
        var report = await CompareAsync(await StoreAsync());

        Assert.True(report.IsGood, string.Join('\n', report.Missing.Concat(report.Doubled)));
        Assert.Equal((2, 2, 2, 1), (report.There, report.Captured, report.Answered, report.Orders));
    }

    [Fact]
    public async Task A_message_that_only_WhatsApp_has_is_listed_as_missing()
    {
        var stray = new WhatsAppMessage("false_919800000001@c.us_STRAY", "919800000001@c.us", Asha, "", false, "chat",
            "5 ctn oil", Now);

        var report = await CompareAsync([.. await StoreAsync(), stray]);

        Assert.Contains("STRAY", Assert.Single(report.Missing));
        Assert.False(report.IsGood);
    }

    [Fact]
    public async Task An_order_whose_reply_WhatsApp_does_not_have_is_listed_as_missing()
    {
        var store = (await StoreAsync()).Where(m => !m.Text.Contains("A-1001", StringComparison.Ordinal));

        Assert.Contains("A-1001", Assert.Single((await CompareAsync([.. store])).Missing));
    }

    [Fact]
    public async Task A_reply_that_SAK_takes_for_sent_and_WhatsApp_does_not_have_is_listed_as_missing()
    {
        var store = await StoreAsync();
        var lost = store.First(m => m.FromMe);

        Assert.Contains("a reply to", Assert.Single((await CompareAsync([.. store.Where(m => m != lost)])).Missing));
    }

    [Fact]
    public async Task A_reply_that_went_out_under_two_ids_is_listed_as_doubled()
    {
        var last = _whatsApp.Sent[^1];
        await _whatsApp.Connect().SendTextAsync(last.ChatId, last.Text, MessageIds.New(last.ChatId), Cancel);

        Assert.Contains(last.Text[..20], Assert.Single((await CompareAsync(await StoreAsync())).Doubled));
    }

    [Fact]
    public async Task A_reply_that_went_out_again_to_the_other_name_of_the_chat_is_listed_as_doubled()
    {
        const string lid = "77@lid";
        await _shop.Db.WriteAsync(
            c => { c.Execute("INSERT INTO lids (lid, chat_id) VALUES ($lid, $chat)", ("$lid", lid),
                ("$chat", $"{Asha}@c.us")); }, Cancel);
        await _whatsApp.Connect().SendTextAsync(lid, _whatsApp.Sent[^1].Text, MessageIds.New(lid), Cancel);

        Assert.Single((await CompareAsync(await StoreAsync())).Doubled);
    }

    [Fact]
    public async Task The_same_answer_to_what_the_customer_wrote_again_and_what_the_owner_wrote_twice_is_no_double()
    {
        await _shop.SayAsync(Asha, "how much is milk?");
        await _shop.SayAsync(Asha, "how much is milk?");
        for (var i = 0; i < 2; i++) _whatsApp.OwnerWrites(Asha, "On its way", Now);

        Assert.Equal(_whatsApp.Sent[^1].Text, _whatsApp.Sent[^2].Text);
        Assert.Empty((await CompareAsync(await StoreAsync())).Doubled);
    }

    [Fact]
    public async Task Two_questions_that_were_asked_before_the_first_answer_came_may_get_the_same_answer()
    {
        await _shop.SayAsync(Asha, "how much is milk?");
        await _shop.SayAsync(Asha, "how much is milk?");
        var store = await StoreAsync();
        var asked = store.Where(m => !m.FromMe).TakeLast(2).ToList();
        var answers = store.Where(m => m.FromMe).TakeLast(2).ToList();

        // In WhatsApp's order both questions come before both answers.
        Assert.Empty(
            (await CompareAsync(
                [.. store.Except(asked).Except(answers), .. asked,
                    .. answers.Select(a => a with { RowId = 1000 + a.RowId, SentAt = Now })])).Doubled);
    }

    [Fact]
    public async Task Two_orders_from_one_message_are_listed_as_doubled()
    {
        await _shop.SayAsync(Asha, "3 salt");
        await _shop.SayAsync(Asha, "yes");
        Assert.Empty((await CompareAsync(await StoreAsync())).Doubled);
        await _shop.Db.WriteAsync(
            c => { c.Execute(
                "UPDATE order_lines SET message_id = replace((SELECT min(message_id) FROM order_lines), '@c.us', "
                    + "'@lid') WHERE sku LIKE 'SALT%' OR name LIKE '%Salt%'"); }, Cancel);

        Assert.Contains("A-1001 and A-1002", Assert.Single((await CompareAsync(await StoreAsync())).Doubled));
    }

    [Fact]
    public async Task A_message_that_stays_sealed_is_told_and_is_no_fault()
    {
        Assert.Equal((0, true), await VerifyAsync("sealed            0", "They agree."));

        _whatsApp.CustomerWrites(Asha, "", Now, "ciphertext");
        Assert.Equal((1, true), await VerifyAsync("sealed            1", "missing  ", "They differ"));

        await _shop.CloseAsync();
        _shop.Open(); // The scan takes what no event brought.
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM messages WHERE type = 'ciphertext'") == 1,
            "the sealed message to be noted");
        Assert.Equal((0, true), await VerifyAsync("sealed            1", "missing           0", "They agree."));
    }

    public async ValueTask DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }

    private Task<VerificationReport> CompareAsync(IReadOnlyList<WhatsAppMessage> store) =>
        new Verification(_shop.Db).CompareAsync(store, Now.AddDays(-1), Now.AddDays(1), Cancel);

    // The page's messages: those of customers and those of the shop.
    private async Task<List<WhatsAppMessage>> StoreAsync() =>
        [.. (await _whatsApp.Connect().ScanAsync(0, 1000, Cancel)).Messages];

    private async Task<(int ExitCode, bool SaysAll)> VerifyAsync(params string[] lines)
    {
        await using var page = _whatsApp.Connect();
        var output = new StringWriter();
        var code = await VerifyCommand.CompareAsync(page, _shop.Db, Now.LocalDateTime.Date.AddDays(-1),
            Now.LocalDateTime.Date, TimeProvider.System, output, Cancel);
        var said = output.ToString();
        return (code, lines.All(l => said.Contains(l, StringComparison.Ordinal)));
    }
}
