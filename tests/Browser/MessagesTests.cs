using Sak.Agent.Chats;
using Sak.Agent.WhatsApp;
using Sak.Tools.FakeWhatsApp;

namespace Sak.Tests.Browser;

/// <summary>What arrives and what is sent, through the real wa-js in a real browser.</summary>
[Collection("browser")]
public sealed class MessagesTests(SharedPhone shared)
{
    private static int _lastCustomer;

    private FakeWhatsAppSite Site => shared.Phone.Site;

    private WhatsAppWeb WhatsApp => shared.Phone.WhatsApp;

    private Listener Listener => shared.Phone.Listener;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_customers_message_arrives_with_its_words_its_sender_and_the_customers_time()
    {
        var customer = NewCustomer();
        var sentAt = new DateTimeOffset(2026, 11, 1, 8, 30, 15, TimeSpan.Zero);
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(customer, "Amina", "5 ctn oil") { SentAt = sentAt }, cancel: Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.Equal(
            new WhatsAppMessage(id, customer + "@c.us", customer, "Amina", false, "chat", "5 ctn oil", sentAt),
            message);
    }

    [Fact]
    public async Task A_reply_reaches_the_customer_once_under_the_id_made_before()
    {
        var customer = NewCustomer();
        await Site.CustomerWritesAsync(customer, "Ben", "hello", cancel: Cancel);
        var id = MessageIds.New(customer + "@c.us");
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));

        var ack = await WhatsApp.SendTextAsync(customer + "@c.us", "Welcome!", id, Cancel);

        Assert.True(ack >= WhatsAppAck.Sent);
        Assert.True(await WhatsApp.FindSentAsync(id, Cancel) >= WhatsAppAck.Sent);
        var sent = Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel));
        Assert.Equal((id, "Welcome!", 1), (sent.Id, sent.Text, sent.Calls));
        await Listener.ForAsync<WhatsAppEvent.Acked>(a => a.Ack == WhatsAppAck.Read && a.MessageIds.Contains(id));
        Assert.True((await Listener.MessageAsync(id)).FromMe);
    }

    [Fact]
    public async Task What_the_owner_types_on_his_phone_is_handed_on_as_his()
    {
        var customer = NewCustomer();
        await Site.CustomerWritesAsync(customer, "Carla", "are you open?", cancel: Cancel);
        var id = await Site.OwnerTypesAsync(customer, "Yes, till eight", Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.True(message.FromMe);
        Assert.Equal((customer + "@c.us", customer, "Yes, till eight"), (message.ChatId, message.Phone, message.Text));
    }

    [Fact]
    public async Task Groups_and_status_posts_are_told_apart_by_their_chat()
    {
        var customer = NewCustomer();
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
    public async Task Of_a_voice_note_a_picture_a_place_or_a_contact_the_type_and_the_caption_arrive(string type,
        string caption)
    {
        var id = await Site.CustomerWritesAsync(new CustomerMessage(NewCustomer(), "Eva", caption) { Type = type },
            cancel: Cancel);

        var message = await Listener.MessageAsync(id);

        Assert.Equal((type, caption), (message.Type, message.Text));
    }

    [Fact]
    public async Task A_message_that_is_sealed_at_first_is_told_once_when_it_can_be_read()
    {
        var from = Listener.Count;
        var customer = NewCustomer();
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
    public async Task A_sealed_message_holds_up_none_of_those_that_follow_it()
    {
        var customer = NewCustomer();
        await Site.CustomerWritesAsync(customer, "Femi", "hello", cancel: Cancel);
        var before = (await WhatsApp.ScanAsync(0, 100_000, Cancel)).Cursor;
        var closed = await Site.CustomerWritesAsync(customer, "Femi", "?", Delivery.SealedFor(TimeSpan.FromSeconds(5)),
            Cancel);
        for (var i = 0; i < 7; i++) await Site.CustomerWritesAsync(customer, "Femi", $"line {i}", cancel: Cancel);

        var scan = await WhatsApp.ScanAsync(before, 3, Cancel);

        Assert.Equal(7, scan.Messages.Count(m => m.Text.StartsWith("line", StringComparison.Ordinal)));
        Assert.Equal((before, true), (scan.Cursor, scan.Complete));
        // Until it can be read it holds the cursor of every scan, also of the tests that share this phone.
        Assert.Equal("?", (await Listener.MessageAsync(closed)).Text);
    }

    [Fact]
    public async Task A_name_that_ends_in_half_an_emoji_keeps_no_message_from_the_shop()
    {
        var customer = NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Fay", "2 soap", cancel: Cancel);
        await WhatsApp.Page!.EvaluateAsync("id => { WPP.whatsapp.MsgStore.get(id).notifyName = 'Fay \\ud83d'; }", id);

        Assert.Equal(("Fay \ufffd", "2 soap"),
            (await ScanAllAsync()).Where(m => m.Id == id).Select(m => (m.Name, m.Text)).Single());
    }

    [Fact]
    public async Task A_message_that_cannot_be_described_keeps_none_of_the_others_back()
    {
        var customer = NewCustomer();
        var odd = await Site.CustomerWritesAsync(customer, "Gil", "?", cancel: Cancel);
        var next = await Site.CustomerWritesAsync(customer, "Gil", "3 milk", cancel: Cancel);
        await WhatsApp.Page!.EvaluateAsync(
            "id => Object.defineProperty(WPP.whatsapp.MsgStore.get(id), 'notifyName', { configurable: true, get() { "
                + "throw new Error('odd'); } })", odd);
        try
        {
            Assert.Contains(await ScanAllAsync(), m => m.Id == next && m.Text == "3 milk");
        }
        finally
        {
            await WhatsApp.Page!.EvaluateAsync(
                "id => Object.defineProperty(WPP.whatsapp.MsgStore.get(id), 'notifyName', { configurable: true, "
                    + "writable: true, value: 'Gil' })", odd);
        }
    }

    [Fact]
    public async Task A_page_that_is_slow_hands_its_store_over_in_parts()
    {
        var customer = NewCustomer();
        for (var i = 0; i < 3; i++) await Site.CustomerWritesAsync(customer, "Hans", $"line {i}", cancel: Cancel);

        var part =
            System.Text.Json.JsonDocument.Parse(
                await WhatsApp.Page!.EvaluateAsync<string>(
                    "() => window.sakBridge.call('scan', [0, 1000, '', -1])")).RootElement.GetProperty("value");

        Assert.Equal(1, part.GetProperty("messages").GetArrayLength());
        Assert.False(part.GetProperty("complete").GetBoolean());
        Assert.Equal(part.GetProperty("messages")[0].GetProperty("row").GetInt64(),
            part.GetProperty("cursor").GetInt64());
    }

    [Fact]
    public async Task A_message_that_no_event_told_of_is_in_the_scan()
    {
        var customer = NewCustomer();
        var silent = await Site.CustomerWritesAsync(customer, "Gita", "3 milk", Delivery.Silent, Cancel);
        var told = await Site.CustomerWritesAsync(customer, "Gita", "and bread", cancel: Cancel);
        await Listener.MessageAsync(told);

        Assert.DoesNotContain(Listener.Heard.OfType<WhatsAppEvent.Received>(), r => r.Message.Id == silent);
        var found = Assert.Single(await ScanAllAsync(), m => m.Id == silent);
        Assert.Equal(("3 milk", customer, "Gita"), (found.Text, found.Phone, found.Name));
    }

    [Fact]
    public async Task A_doubled_event_names_the_same_message_and_the_scan_has_it_once()
    {
        var customer = NewCustomer();
        var id = await Site.CustomerWritesAsync(customer, "Hugo", "1 rice", Delivery.Twice, Cancel);
        await Listener.MessageAsync(await Site.CustomerWritesAsync(customer, "Hugo", "thanks", cancel: Cancel));

        Assert.Equal(2, Listener.Heard.OfType<WhatsAppEvent.Received>().Count(r => r.Message.Id == id));
        Assert.Single(await ScanAllAsync(), m => m.Id == id);
    }

    [Fact]
    public async Task An_edit_and_a_deletion_name_the_message_they_change()
    {
        var customer = NewCustomer();
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
        var lid = $"55500{NewCustomer()}@lid";
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
        var customer = NewCustomer();
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
    public async Task A_refused_message_is_an_error_was_never_sent_and_can_be_sent_under_its_id()
    {
        var customer = NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        await Site.RefuseSendsAsync(1, Cancel);

        var refused = await Assert.ThrowsAsync<WhatsAppException>(
            () => WhatsApp.SendTextAsync(customer, "hello", id, Cancel));

        Assert.Contains("refused", refused.Message, StringComparison.Ordinal);
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));
        await WhatsApp.SendTextAsync(customer, "hello", id, Cancel);
        Assert.Equal(id, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Id);
    }

    [Fact]
    public async Task A_message_that_WhatsApp_failed_to_send_is_an_error_and_is_found_as_failed()
    {
        var customer = NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Faults.FailSends = 1;

        await Assert.ThrowsAsync<WhatsAppException>(() => WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
        Assert.Equal(WhatsAppAck.Failed, await WhatsApp.FindSentAsync(id, Cancel));

        await WhatsApp.SendTextAsync(customer, "hello", id, Cancel);
        Assert.Equal((id, 1),
            Assert.Single((await Site.WaitForSentAsync(customer, 1, Cancel)).Select(s => (s.Id, s.Calls))));
    }

    [Fact]
    public async Task A_lost_acknowledgement_is_pending_and_sending_again_reaches_the_customer_once()
    {
        var customer = NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Faults.LoseAcks = 1;

        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.FindSentAsync(id, Cancel));
        Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));

        Assert.Equal(1, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Calls);
        Assert.Single(Site.Attempts, a => a.Id == id);
    }

    [Fact]
    public async Task While_WhatsApp_is_silent_a_send_is_pending_and_goes_out_when_it_wakes()
    {
        var customer = NewCustomer();
        var id = MessageIds.New(customer + "@c.us");
        Site.Stall(true);
        try
        {
            Assert.Equal(WhatsAppAck.Pending, await WhatsApp.SendTextAsync(customer, "hello", id, Cancel));
            Assert.DoesNotContain(Site.Sent, s => s.Id == id);
        }
        finally
        {
            Site.Stall(false);
        }

        await Listener.ForAsync<WhatsAppEvent.Acked>(a => a.MessageIds.Contains(id));
        Assert.Equal(1, Assert.Single(await Site.WaitForSentAsync(customer, 1, Cancel)).Calls);
    }

    [Theory]
    [InlineData("true_919800000000@c.us_3EB0FFFFFFFFFFFFFFFFFF")]
    [InlineData("true_999999999999999@lid_3EB0FFFFFFFFFFFFFFFFFF")]
    public async Task An_id_that_WhatsApp_does_not_know_was_never_sent(string id) =>
        Assert.Null(await WhatsApp.FindSentAsync(id, Cancel));

    [Fact]
    public async Task Grey_lines_of_the_chat_are_no_messages()
    {
        var customer = NewCustomer();
        var first = await Site.CustomerWritesAsync(customer, "Lea", "hello", cancel: Cancel);
        await Listener.MessageAsync(first);

        Assert.Equal(first, Assert.Single(await ScanAllAsync(), m => m.ChatId == customer + "@c.us").Id);
        Assert.Single(Listener.Heard.OfType<WhatsAppEvent.Received>(), r => r.Message.ChatId == customer + "@c.us");
    }

    [Fact]
    public async Task A_scan_by_pages_gives_the_same_as_one_scan()
    {
        var customer = NewCustomer();
        for (var i = 0; i < 7; i++) await Site.CustomerWritesAsync(customer, "Mo", $"line {i}", cancel: Cancel);
        var whole = await WhatsApp.ScanAsync(0, 100_000, Cancel);
        Assert.True(whole.Complete);

        var paged = new List<WhatsAppMessage>();
        var page = await WhatsApp.ScanAsync(0, 3, Cancel);
        paged.AddRange(page.Messages);
        while (!page.Complete) paged.AddRange((page = await WhatsApp.ScanAsync(page.Cursor, 3, Cancel)).Messages);

        Assert.Equal(whole.Messages, paged);
        Assert.Equal(whole.Cursor, page.Cursor);
        Assert.Equal(7, paged.Count(m => m.ChatId == customer + "@c.us"));
        Assert.Empty((await WhatsApp.ScanAsync(page.Cursor, 3, Cancel)).Messages);
    }

    [Fact]
    public async Task A_voice_note_a_place_and_a_contact_are_handed_over_as_files()
    {
        var customer = NewCustomer();
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
    public async Task Of_a_file_that_is_too_large_only_the_size_is_fetched()
    {
        var id = await Site.CustomerWritesAsync(
            new CustomerMessage(NewCustomer(), "Pia", "") { Type = "image",
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
        // Quiet for long enough that the page is asked, and answered once: else a silence would prove nothing.
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
        var customer = NewCustomer();
        await Listener.MessageAsync(await Site.CustomerWritesAsync(customer, "Ria", "hello", cancel: Cancel));

        await Site.CustomerTypesAsync(customer, true, Cancel);
        await Listener.ForAsync<WhatsAppEvent.Typing>(t => t.On && t.ChatId == customer + "@c.us");
        await Site.CustomerTypesAsync(customer, false, Cancel);
        await Listener.ForAsync<WhatsAppEvent.Typing>(t => !t.On && t.ChatId == customer + "@c.us");
    }

    [Fact]
    public async Task Typing_is_shown_to_the_customer()
    {
        var customer = NewCustomer();
        await Site.CustomerWritesAsync(customer, "Nia", "hello", cancel: Cancel);

        await WhatsApp.ShowTypingAsync(customer + "@c.us", TimeSpan.FromMilliseconds(200), Cancel);

        await Site.WaitForTypingAsync(customer, Cancel);
    }

    private async Task<IReadOnlyList<WhatsAppMessage>> ScanAllAsync() =>
        (await WhatsApp.ScanAsync(0, 100_000, Cancel)).Messages;

    private static string NewCustomer() => $"9198000{Interlocked.Increment(ref _lastCustomer):00000}";
}
