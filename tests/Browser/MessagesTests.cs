using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>What arrives, through the real wa-js in a real browser.</summary>
[Collection("browser")]
public sealed class MessagesTests(SharedPhone shared)
{
    private FakeWhatsAppSite Site => shared.Phone.Site;

    private WhatsAppWeb WhatsApp => shared.Phone.WhatsApp;

    private Listener Listener => shared.Phone.Listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customers_message_arrives_with_its_words_its_sender_and_the_customers_time()
    {
        var customer = Phone.NewCustomer();
        var sentAt = new DateTimeOffset(2026, 11, 1, 8, 30, 15, TimeSpan.Zero);
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Amina", "5 ctn oil") { SentAt = sentAt }, cancel: Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.Equal(
            new WhatsAppMessage(id, customer + "@c.us", customer, "Amina", false, "chat", "5 ctn oil", sentAt),
            message);
    }

    [Fact]
    public async Task What_the_owner_types_on_his_phone_arrives_as_the_owners()
    {
        var customer = Phone.NewCustomer();
        await Site.CustomerWritesAsync(customer, "Carla", "are you open?", cancel: Cancel);
        var id = await Site.OwnerTypesAsync(customer, "Yes, till eight", Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.True(message.FromMe);
        Assert.Equal((customer + "@c.us", customer, "Yes, till eight"), (message.ChatId, message.Phone, message.Text));
    }

    [Fact]
    public async Task Groups_and_status_posts_are_told_apart_by_their_chat()
    {
        var customer = Phone.NewCustomer();
        var group = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Dev", "5 ctn oil") { Into = "12036304@g.us" }, cancel: Cancel);
        var status = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Dev", "at the beach") { Into = "status@broadcast" }, cancel: Cancel);

        Assert.Equal(("12036304@g.us", customer), await ChatAndPhone(group));
        Assert.Equal(("status@broadcast", customer), await ChatAndPhone(status));

        async Task<(string, string)> ChatAndPhone(string id)
        {
            var message = await Listener.MessageAsync(id);
            return (message.ChatId, message.Phone);
        }
    }

    [Theory]
    [InlineData("ptt", "")]
    [InlineData("image", "like this one, 3 of them")]
    [InlineData("location", "")]
    [InlineData("vcard", "")]
    public async Task A_voice_note_picture_place_or_contact_arrives_with_its_type_and_caption(string type,
        string caption)
    {
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(Phone.NewCustomer(), "Eva", caption) { Type = type }, cancel: Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.Equal((type, caption), (message.Type, message.Text));
    }

    [Fact]
    public async Task A_message_that_is_sealed_at_first_is_told_once_when_it_can_be_read()
    {
        var from = Listener.Count;
        var customer = Phone.NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Femi", "2 soap",
            Delivery.SealedFor(TimeSpan.FromMilliseconds(500)), Cancel);
        Assert.DoesNotContain(await ScanAllAsync(), m => m.Id == id);

        var message = await Listener.MessageAsync(id, from);
        var last = await Site.CustomerWritesAsync(customer, "Femi", "and 1 oil", cancel: Cancel);
        await Listener.MessageAsync(last, from);

        Assert.Equal(("chat", "2 soap"), (message.Type, message.Text));
        Assert.Single(Listener.Heard.OfType<WhatsAppEvent.Received>(), r => r.Message.Id == id);
        Assert.Contains(await ScanAllAsync(), m => m.Id == id && m.Text == "2 soap");
    }

    [Fact]
    public async Task A_doubled_event_names_the_same_message_and_the_scan_has_it_once()
    {
        var customer = Phone.NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Hugo", "1 rice", Delivery.Twice, Cancel);
        await Listener.MessageAsync(await Site.CustomerWritesAsync(customer, "Hugo", "thanks", cancel: Cancel));

        Assert.Equal(2, Listener.Heard.OfType<WhatsAppEvent.Received>().Count(r => r.Message.Id == id));
        Assert.Single(await ScanAllAsync(), m => m.Id == id);
    }

    [Fact]
    public async Task An_edit_and_a_deletion_name_the_message_they_change()
    {
        var customer = Phone.NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Ines", "4 eggs", cancel: Cancel);

        await Site.EditAsync(id, "40 eggs", Cancel);
        Assert.Equal("40 eggs", (await Listener.ForAsync<WhatsAppEvent.Edited>(e => e.MessageId == id)).Text);

        await Site.RevokeAsync(id, Cancel);
        await Listener.ForAsync<WhatsAppEvent.Revoked>(e => e.MessageId == id);
        Assert.Equal(("revoked", ""),
            (await ScanAllAsync()).Where(m => m.Id == id).Select(m => (m.Type, m.Text)).Single());
    }

    [Fact]
    public async Task A_hidden_number_is_never_shown_as_a_phone_and_is_given_when_WhatsApp_learns_it()
    {
        var lid = $"55500{Phone.NewCustomer()}@lid";
        var hidden = await Listener.MessageAsync(await Site.CustomerWritesAsync(lid, "Jo", "hello", cancel: Cancel));
        Assert.Equal((lid, "", "Jo"), (hidden.ChatId, hidden.Phone, hidden.Name));

        Site.LearnPhone(lid, "Jo", "919811111111");
        var known = await Listener.MessageAsync(await Site.CustomerWritesAsync(lid, "Jo", "5 ctn oil", cancel: Cancel));
        Assert.Equal((lid, "919811111111"), (known.ChatId, known.Phone));

        var id = MessageIds.New(lid);
        await WhatsApp.SendTextAsync(lid, "Thank you", id, Cancel);
        Assert.Equal(id, Assert.Single(await Site.WaitForSentAsync(lid, 1, Cancel)).Id);
    }

    [Fact]
    public async Task Emoji_empty_and_very_long_messages_survive_both_ways()
    {
        var customer = Phone.NewCustomer();
        string[] texts = ["👨‍👩‍👧‍👦🧼×3 كرتونين ½ \u202e\"<b>\\n", "",
            string.Concat(Enumerable.Repeat("soap 🧼 ", 100_000 / 7))];
        foreach (var text in texts)
        {
            var id = await Site.CustomerWritesAsync(customer, "Kim", text, cancel: Cancel);
            Assert.Equal(text, (await Listener.MessageAsync(id)).Text);
            Assert.Equal(text, (await ScanAllAsync()).Single(m => m.Id == id).Text);
        }

        await WhatsApp.SendTextAsync(customer, texts[0], MessageIds.New(customer + "@c.us"), Cancel);
        await WhatsApp.SendTextAsync(customer, texts[2], MessageIds.New(customer + "@c.us"), Cancel);
        Assert.Equal([texts[0], texts[2]], (await Site.WaitForSentAsync(customer, 2, Cancel)).Select(s => s.Text));
    }

    [Fact]
    public async Task A_voice_note_a_place_and_a_contact_are_handed_over_as_files()
    {
        var customer = Phone.NewCustomer();
        var sound = new byte[300_000];
        Random.Shared.NextBytes(sound);
        var voice = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Ona", "") { Type = "ptt",
                File = new MediaFile(sound, "audio/ogg; codecs=opus") }, cancel: Cancel);
        var document = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Ona", "the list") { Type = "document",
                File = new MediaFile([1, 2, 3], "application/pdf", "list.pdf") }, cancel: Cancel);
        var place = await Site.CustomerWritesAsync(new CustomerMessage(customer, "Ona", "") { Type = "location" },
            cancel: Cancel);
        var contact = await Site.CustomerWritesAsync(new CustomerMessage(customer, "Ona", "") { Type = "vcard" },
            cancel: Cancel);

        var heard = (await WhatsApp.DownloadAsync(voice, 1_000_000, Cancel))!;
        Assert.Equal(sound, heard.Content);
        Assert.Equal("audio/ogg; codecs=opus", heard.Mime);
        Assert.Equal("list.pdf", (await WhatsApp.DownloadAsync(document, 1_000_000, Cancel))!.Name);
        Assert.Contains("46.6753",
            System.Text.Encoding.UTF8.GetString((await WhatsApp.DownloadAsync(place, 1_000, Cancel))!.Content));
        Assert.Contains("FN:Ona",
            System.Text.Encoding.UTF8.GetString((await WhatsApp.DownloadAsync(contact, 1_000, Cancel))!.Content));
    }

    [Fact]
    public async Task A_basket_arrives_with_its_note_and_its_products_are_handed_over()
    {
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(Phone.NewCustomer(), "Ona", "please send today")
            {
                Type = "order",
                Basket = [new BasketItem("P-OIL", "Sunflower Oil 1 L", 3, "OIL-1"), new BasketItem("P-X", "Soap", 2)],
            }, cancel: Cancel);

        var message = await Listener.MessageAsync(id);
        var basket = (await WhatsApp.DownloadAsync(id, 1_000_000, Cancel))!;

        Assert.Equal(("order", "please send today"), (message.Type, message.Text));
        Assert.Equal("3 x Sunflower Oil 1 L (OIL-1)\n2 x Soap", BasketWords.Of(basket.Content));
    }

    [Fact]
    public async Task What_a_message_answers_to_and_that_it_was_forwarded_arrive_with_it()
    {
        var customer = Phone.NewCustomer();
        var reply = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Ona", "3 of this")
                { Quotes = new QuotedItem("3EB0AA", "Sunflower Oil 1 L", "product") }, cancel: Cancel);
        var passedOn = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Ona", "20 oil, 10 tea") { Forwarded = true }, cancel: Cancel);

        var quoted = (await Listener.MessageAsync(reply)).Quoted!;
        Assert.Equal(("3EB0AA", "Sunflower Oil 1 L"), (quoted.Id, quoted.Text));
        Assert.True((await Listener.MessageAsync(passedOn)).Forwarded);
        Assert.Contains(await ScanAllAsync(), m => m.Id == passedOn && m.Forwarded);
    }

    [Fact]
    public async Task A_file_that_is_too_large_gives_only_its_size()
    {
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(Phone.NewCustomer(), "Pia", "") { Type = "image",
                File = new MediaFile(new byte[5000], "image/jpeg") }, cancel: Cancel);

        var file = (await WhatsApp.DownloadAsync(id, 4_999, Cancel))!;

        Assert.Equal((0, 5000), (file.Content.Length, file.Bytes));
    }

    [Fact]
    public async Task The_page_gives_a_sign_of_life_and_the_browsers_memory() =>
        Assert.InRange((await WhatsApp.PulseAsync(Cancel)).Megabytes, 50, 5_000);

    [Fact]
    public async Task A_line_that_falls_silent_is_told_by_the_next_signs_of_life()
    {
        // Quiet for long enough that the page asks the server and gets an answer once: otherwise a silence
        // would prove nothing.
        await Support.Eventually.IsTrueAsync(
            async () => !(await WhatsApp.PulseAsync(Cancel)).IsSilent && Site.Pings > 0, "a question that is answered",
            TimeSpan.FromSeconds(60));
        Site.Stall(true);
        try
        {
            await Support.Eventually.IsTrueAsync(async () => (await WhatsApp.PulseAsync(Cancel)).IsSilent,
                "the silence to be seen", TimeSpan.FromSeconds(60));
        }
        finally
        {
            Site.Stall(false);
        }

        await Support.Eventually.IsTrueAsync(async () => !(await WhatsApp.PulseAsync(Cancel)).IsSilent,
            "the line to live again", TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_customer_who_types_and_stops_is_heard()
    {
        var customer = Phone.NewCustomer();
        await Listener.MessageAsync(await Site.CustomerWritesAsync(customer, "Ria", "hello", cancel: Cancel));

        await Site.CustomerTypesAsync(customer, true, Cancel);
        await Listener.ForAsync<WhatsAppEvent.Typing>(t => t.On && t.ChatId == customer + "@c.us");
        await Site.CustomerTypesAsync(customer, false, Cancel);
        await Listener.ForAsync<WhatsAppEvent.Typing>(t => !t.On && t.ChatId == customer + "@c.us");
    }

    private async Task<IReadOnlyList<WhatsAppMessage>> ScanAllAsync() =>
        (await WhatsApp.ScanAsync(0, 100_000, Cancel)).Messages;
}
