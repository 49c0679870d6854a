using Sak.Sync.Reading.Lines;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Tests.Sync.Reading;

/// <summary>The order of the rules: for each two neighbours a message where both hold, and the first decides.</summary>
public sealed class PurposeRulesTests
{
    // (the rule that decides, a message where its neighbour holds too, whether a yes is awaited)
    private static readonly (string Rule, string Text, bool AwaitsYes)[] Table =
    [
        ("forwarded", "wrong number, sorry", false),
        ("wrong chat", "wrong number! special offer, click here", false),
        ("advertisement", "special offer, click here: 5 broken", false),
        ("complaint", "2 of the 10 broken, never again", false),
        ("some of them are faulty", "3 of the 10 not here, i have paid", false),
        ("payment", "i have paid, same as last time", false),
        ("last order again", "same as last time, stop", false),
        ("no more messages", "stop messaging, talk to a person", false),
        ("asks for a person", "talk to a person, cancel my order", false),
        ("cancels the order", "cancel my order, discount on 5 oil", false),
        ("orders and bargains", "yes give discount on 5 oil", false),
        ("price question", "price of oil, where is my order", false),
        ("status question", "where is my order, about your status", false),
        ("about SAK itself", "your instructions, do you have sugar?", false),
        ("stock question", "do you have the oil i bought yesterday but other colour", false),
        ("something else came", "pedi 10 tomadas e vieram 8", false),
        ("past", "last month i might need", false),
        ("undecided", "might need opening time", false),
        ("other topic", "is it open now?", false),
        ("question", "que tal si", true),
        ("bargains over quantities", "5 oil any discount?", false),
        ("bargains", "discount, we have guests", false),
        ("only narrates", "we have guests", false),
        ("orders and narrates", "we have guests, send 2 oil", false),
        ("order", "5 oil, speak to", false),
        ("may ask for a person", "speak to, no", true),
        ("no", "no, payment", true),
        ("may speak of a payment", "bring the dues and the price list", false),
        ("may ask for a price", "need price thanks", false),
        ("thanks", "thanks, hello", false),
        ("greeting", "hello", false),
    ];

    public static TheoryData<string, string, string, bool> Pairs()
    {
        var names = PurposeRules.Rules.Select(r => r.Name).ToList();
        var pairs = new TheoryData<string, string, string, bool>();
        foreach (var (rule, text, awaitsYes) in Table) pairs.Add(rule, names[names.IndexOf(rule) + 1], text, awaitsYes);
        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Where_two_neighbours_hold_the_first_decides(string rule, string next, string text, bool awaitsYes)
    {
        var signs = Read(text, awaitsYes, rule == "forwarded");

        Assert.Equal([rule, next], PurposeRules.Rules.Where(r => r.When(signs)).Take(2).Select(r => r.Name));
        Assert.Equal(rule, PurposeRules.Decide(signs).Rule);
    }

    // A bargain is never a yes, so that these two cannot meet; the last rule always holds.
    [Fact]
    public void Every_rule_that_can_meet_its_neighbour_has_such_a_message() =>
        Assert.Equal(["yes", "nothing recognised"],
            PurposeRules.Rules.Select(r => r.Name).Except(Table.Select(t => t.Rule)));

    [Theory]
    [InlineData("yes", "yes", true)]
    [InlineData("order", "yes, 5 oil", true)]
    [InlineData("nothing recognised", "👍", false)]
    public void The_others_decide_alone(string rule, string text, bool awaitsYes) =>
        Assert.Equal(rule, PurposeRules.Decide(Read(text, awaitsYes, forwarded: false)).Rule);

    private static PurposeSigns Read(string written, bool awaitsYes, bool forwarded)
    {
        var tokens = Lexer.Read(written);
        var languages = Languages.Of(tokens, "", written).All;
        var vocabulary = new Vocabulary(Grocer.Catalog, languages);
        var text = MessageText.Read(written, "m", languages, vocabulary, tokens);
        NotQuantities.Mark(text);
        var stretches = new Cutter(text, vocabulary).Read();
        return new PurposeSigns(text, stretches.ConvertAll(s => s.Facts()), awaitsYes, forwarded);
    }
}
