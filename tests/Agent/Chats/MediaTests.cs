using System.Security.Cryptography;
using Sak.Agent.Database;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Chats;

/// <summary>Voice notes, pictures and documents: kept as files, never at the cost of the message.</summary>
public sealed class MediaTests : IAsyncDisposable
{
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private readonly InMemoryWhatsApp _whatsApp = new();
    private ShopUnderTest _shop = null!;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_picture_is_kept_once_under_its_hash_with_an_ending_that_a_viewer_opens()
    {
        await OpenAsync();
        byte[] content = [1, 2, 3];
        foreach (var _ in Enumerable.Range(0, 2)) Send("image", new WhatsAppFile(content, "image/jpeg", "", 3));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == 2, "both files");

        var file = Assert.Single(Directory.GetFiles(_folder.File("media")));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(content)) + ".jpg", Path.GetFileName(file));
        Assert.Equal(Path.GetFileName(file), await _shop.TextAsync("SELECT DISTINCT file FROM media"));
    }

    [Fact]
    public async Task A_program_that_a_stranger_sends_as_a_document_gets_no_ending_that_would_run()
    {
        await OpenAsync();
        Send("document", new WhatsAppFile([77, 90], "application/x-msdownload", "invoice.exe", 2));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == 1, "the file");

        Assert.EndsWith(".bin", Directory.GetFiles(_folder.File("media")).Single());
    }

    [Fact]
    public async Task A_file_that_is_too_large_stays_in_WhatsApp_and_the_owner_is_told()
    {
        await OpenAsync("--WhatsApp:MediaMegabytes=1");
        Send("document", new WhatsAppFile([], "application/pdf", "catalog.pdf", 5_000_000));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'gone'") == 1,
            "it to be given up");

        Assert.Contains("5.0 MB", await _shop.TextAsync("SELECT what FROM troubles"));
        await _shop.AnsweredAsync();
        Assert.Single(_whatsApp.Sent);
    }

    [Fact]
    public async Task A_voice_note_that_a_transcriber_understands_is_an_order_like_any_other()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in transcriber is a shell script.");
        await OpenAsync($"--WhatsApp:Transcriber={Transcriber("echo 2 sugar")}");
        Send("ptt", new WhatsAppFile([9], "audio/ogg; codecs=opus", "", 1));
        await _shop.AnsweredAsync();
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000|9600", await _shop.OrdersAsync());
        Assert.Equal("2 sugar", await _shop.TextAsync("SELECT transcript FROM media"));
    }

    [Fact]
    public async Task Words_of_a_voice_note_that_come_after_its_turn_was_answered_are_answered_too()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in transcriber is a shell script.");
        var signal = _folder.File("go");
        await OpenAsync(
            $"--WhatsApp:Transcriber={Transcriber($"while [ ! -e {signal} ]; do sleep 0.05; done; echo 2 sugar")}");
        Send("ptt", new WhatsAppFile([9], "audio/ogg", "", 1));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == 1, "the file");
        _whatsApp.NextFile = new WhatsAppFile([1], "image/jpeg", "", 1);
        _whatsApp.CustomerWrites("919800000002", "", Now, "image");
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == 2,
            "a picture beside a long voice note");
        // The minute of waiting is over: the turn is answered without the text.
        await _shop.Db.WriteAsync(c => { c.Execute("UPDATE messages SET captured_at = captured_at - 120000"); },
            TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM turns WHERE state <> 'open'") == 2,
            "both to be told that a person will look");

        await File.WriteAllTextAsync(signal, "", TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => _whatsApp.Sent.Any(s => s.Text.Contains("96.00")),
            "the words to be answered");
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("")]
    public async Task A_transcriber_that_fails_or_is_not_there_leaves_a_voice_note_for_a_person(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in transcriber is a shell script.");
        await OpenAsync($"--WhatsApp:Transcriber={(script.Length > 0 ? Transcriber(script) : "/no/such/program")}");
        Send("ptt", new WhatsAppFile([9], "audio/ogg", "", 1));
        await Eventually.IsTrueAsync(
            async () => await _shop.CountAsync("SELECT count(*) FROM media WHERE state = 'kept'") == 1, "the file");
        await _shop.AnsweredAsync();

        Assert.Single(_whatsApp.Sent);
        Assert.Equal("voice", await _shop.TextAsync("SELECT kind FROM messages"));
    }

    [Fact]
    public async Task A_basket_is_an_order_at_the_catalogs_prices_and_its_note_is_kept()
    {
        await OpenAsync();
        _whatsApp.NextFile = Basket(
            """{"products":[{"id":"1","code":"sug-1","name":"Sugar","quantity":2},{"id":"2","code":"","name":"""
                + """ "Table Salt 1 kg","quantity":3,"price":1}]}""");
        _whatsApp.CustomerWrites(Asha, "please send today", Now, "order");
        await _shop.AnsweredAsync();
        await _shop.SayAsync(Asha, "yes");

        Assert.Equal("A-1001|SUG-1:2000,SAL-1:3000|16200", await _shop.OrdersAsync());
        Assert.StartsWith("please send today\n", await _shop.TextAsync("SELECT text FROM messages ORDER BY rowid"));
    }

    [Theory]
    [InlineData("{\"products\":[]}")]
    [InlineData("no JSON")]
    public async Task A_basket_that_cannot_be_opened_goes_to_the_owner_and_the_customer_is_told_so(string content)
    {
        await OpenAsync();
        _whatsApp.NextFile = Basket(content);
        _whatsApp.CustomerWrites(Asha, "", Now, "order");
        await _shop.AnsweredAsync();

        Assert.Contains("basket", Assert.Single(_whatsApp.Sent).Text);
        Assert.Contains("cannot read (basket)", await _shop.TextAsync("SELECT what FROM troubles"));
        Assert.Equal("", await _shop.OrdersAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_shop is not null) await _shop.DisposeAsync();
        _folder.Dispose();
    }

    private async Task OpenAsync(params string[] settings)
    {
        _shop = new ShopUnderTest(_folder.Path, _whatsApp, settings);
        await _shop.ImportCatalogAsync();
        _shop.Open();
    }

    private static WhatsAppFile Basket(string json) =>
        new(System.Text.Encoding.UTF8.GetBytes(json), "application/json", "", json.Length);

    private void Send(string type, WhatsAppFile file)
    {
        _whatsApp.NextFile = file;
        _whatsApp.CustomerWrites(Asha, "", Now, type);
    }

    private string Transcriber(string script)
    {
        var path = _folder.File("transcribe.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        return $"sh {path}";
    }
}
