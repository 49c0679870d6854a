using Sak.Sync.Answering;
using Sak.Sync.Model;
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
        Assert.Empty(await Disagreeing("yes", held: true));

    [Fact]
    public async Task What_is_no_plain_yes_lets_no_model_confirm() =>
        Assert.Empty(await Disagreeing("no", held: false));

    private static async Task<List<string>> Disagreeing(string sign, bool held)
    {
        var wrong = new List<string>();
        foreach (var (_, text) in Sentences.Where(s => s.Sign == sign))
        {
            var reply = OwnSign.Hold(Model(IntentKind.Confirm), await Grocer.Read(Shown, text));
            var confirmed = Basket.Apply(Shown, reply.Intents, Grocer.BySku).Confirmed;
            if (confirmed != held) wrong.Add(text);
        }

        return wrong;
    }

    private static Reply Model(params IntentKind[] kinds) =>
        new("Done!", [.. kinds.Select(k => new Intent(k))], "en", Reply.ByModel);
}
