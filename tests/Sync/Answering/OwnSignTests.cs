using Sak.Sync.Answering;
using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Wire;
using Sak.Tests.Sync.Reading;
using Sak.Tools;

namespace Sak.Tests.Sync.Answering;

/// <summary>What a model proposed, against what the customer said.</summary>
public class OwnSignTests
{
    private static readonly BasketState Shown = Grocer.With(("G-1", 5)) with { ShownGross = 7250 };

    private static readonly IReadOnlyList<(string Sign, string Text)> Sentences =
    [
        .. File.ReadLines(Path.Combine(House.Root, "tests", "Sync", "Answering", "Signs.tsv"))
            .Select(l => l.Split('\t')).Select(f => (f[0], f[2])),
    ];

    [Fact]
    public async Task A_plain_yes_in_any_language_lets_a_model_confirm() =>
        await AllAsync("yes", held: true);

    [Fact]
    public async Task What_is_no_plain_yes_lets_no_model_confirm() =>
        await AllAsync("no", held: false);

    [Theory]
    [InlineData(IntentKind.Cancel, "cancel my order", "cancela el pedido", "order cancel kar do", "ऑर्डर कैंसल करो",
        "cancela o pedido", "الغ الطلب", "forget it", "never mind the order")]
    [InlineData(IntentKind.Stop, "stop", "unsubscribe", "no me escriban", "message mat bhejo", "मैसेज मत भेजो",
        "pare de mandar", "لا ترسلوا رسائل", "stop sending me messages")]
    [InlineData(IntentKind.Handover, "talk to a person", "quiero hablar con una persona", "malik se baat karao",
        "मालिक से बात करनी है", "quero falar com um atendente", "ابي اكلم موظف", "call me back",
        "the oil leaks, call me")]
    public async Task A_model_may_do_what_the_customer_asked_for_in_plain_words(IntentKind kind, params string[] texts)
    {
        foreach (var text in texts)
        {
            var proposed = Model(kind);
            Assert.True(ReferenceEquals(proposed, OwnSign.Hold(proposed, await Grocer.Read(Shown, text))), text);
        }
    }

    [Theory]
    [InlineData(IntentKind.Cancel, "no wait", "too expensive", "I don't want to cancel my order", "2 sugar",
        "can i cancel later?", "what if i cancel",
        "don't cancel my order", "no canceles", "cancel mat karna", "ऑर्डर कैंसल मत करना",
        "order cancel nahi karna", "não cancela", "لا تلغي الطلب", "لا تكنسل", "puedo cancelar después?")]
    [InlineData(IntentKind.Stop, "no wait", "thanks", "don't stop", "2 sugar",
        "hello", "yes", "let me ask my husband first")]
    [InlineData(IntentKind.Handover, "no wait", "2 sugar", "don't call me", "no need to call me", "do you deliver?",
        "I am a person", "my owner pays", "yes", "no me llamen",
        "mujhe call mat karo", "não me liga", "لا تتصل علي")]
    public async Task A_model_does_nothing_final_that_the_customer_did_not_ask_for(IntentKind kind,
        params string[] texts)
    {
        var wrong = new List<string>();
        foreach (var text in texts)
        {
            var reply = OwnSign.Hold(Model(kind), await Grocer.Read(Shown, text));
            if (reply.Text.Length > 0 || reply.Intents.Any(i => i.Kind == kind)) wrong.Add(text);
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(IntentKind.Stop, "stop sending me messages")]
    [InlineData(IntentKind.Handover, "I want to talk to a person")]
    public async Task A_stop_and_a_wish_for_a_person_are_kept_whatever_the_model_says(IntentKind kind, string text)
    {
        var read = await Grocer.Read(Shown, text);
        foreach (var other in (IntentKind[])[IntentKind.None, IntentKind.Confirm, IntentKind.Price, IntentKind.Cancel])
            Assert.Contains(OwnSign.Hold(Model(other), read).Intents, i => i.Kind == kind);
        Assert.Equal("", OwnSign.Hold(Model(IntentKind.None), read).Text);
    }

    [Theory]
    [InlineData(IntentKind.Confirm, "yes please")]
    [InlineData(IntentKind.Cancel, "cancel my order")]
    public async Task A_yes_and_a_cancel_are_kept_where_the_model_says_nothing_of_the_order(IntentKind kind,
        string text)
    {
        var read = await Grocer.Read(Shown, text);
        Assert.Contains(OwnSign.Hold(Model(IntentKind.None), read).Intents, i => i.Kind == kind);
        Assert.Contains(OwnSign.Hold(Model(IntentKind.Thanks), read).Intents, i => i.Kind == kind);
        Assert.DoesNotContain(OwnSign.Hold(Model(IntentKind.Price), read).Intents, i => i.Kind == kind);
    }

    [Fact]
    public async Task A_yes_counts_only_where_something_was_shown_and_nothing_came_after_it()
    {
        Assert.Contains(IntentKind.Confirm, (await Grocer.Read(Shown, "hello", "yes", "thanks", "🙏")).Signs);
        foreach (var later in (string[])["wait", "let me ask my husband first", "my wife is at the market", "how long?",
            "and 2 sugar", "cancel", "actually my cousin pays"])
            Assert.DoesNotContain(IntentKind.Confirm, (await Grocer.Read(Shown, "yes", later)).Signs);
        Assert.Empty((await Grocer.Read("yes")).Signs);
        foreach (var awaiting in Enum.GetValues<Awaiting>().Where(a => a != Awaiting.Confirmation))
            Assert.Empty((await Grocer.Read(Shown with { Awaiting = awaiting }, "yes")).Signs);
    }

    [Fact]
    public async Task A_forwarded_yes_signs_nothing()
    {
        var request = Grocer.Request(Shown, "yes");
        request = request with { Messages = [request.Messages[0] with { Forwarded = true }] };
        Assert.Empty((await OrderReader.ExplainAsync(request, Grocer.Search, default)).Signs);
    }

    [Fact]
    public async Task A_readers_reply_is_left_alone()
    {
        var reply = Model(IntentKind.Confirm) with { By = Reply.ByReader };
        Assert.Same(reply, OwnSign.Hold(reply, await Grocer.Read(Shown, "no wait")));
    }

    private static async Task AllAsync(string sign, bool held)
    {
        var wrong = new List<string>();
        foreach (var (_, text) in Sentences.Where(s => s.Sign == sign))
        {
            var reply = OwnSign.Hold(Model(IntentKind.Confirm), await Grocer.Read(Shown, text));
            var confirmed = Basket.Apply(Shown, reply.Intents, Grocer.BySku).Confirmed;
            if (confirmed != held) wrong.Add(text);
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static Reply Model(params IntentKind[] kinds) =>
        new("Done!", [.. kinds.Select(k => new Intent(k))], "en", Reply.ByModel);
}
