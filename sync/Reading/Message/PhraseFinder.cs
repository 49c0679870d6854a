using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>Finds the tables' phrases in a message, and marks the tokens that are a part of one.</summary>
internal sealed class PhraseFinder(List<Token> tokens, IReadOnlySet<string> languages, Vocabulary vocabulary)
{
    /// <summary>Kinds that say what a single word is; every other kind is something that the customer does.</summary>
    public static readonly HashSet<PhraseKind> WordKinds =
    [
        Number, Multiplier, PlusFraction, PlusBefore, Unit, ShopUnit,
        Measure, Money, And, Each, Both, All,
        Pronoun, SizeNoun, Of, Adjective, Filler,
        CommonWord, Or, IfOrBut, EqualsSign, Preposition,
        Postposition, NumberSign, NotQuantityPrefix, NotQuantitySuffix,
    ];

    /// <summary>
    /// Single words of these kinds are known by their senses alone; nobody looks for them as phrases.
    /// </summary>
    private static readonly HashSet<PhraseKind> SensesOnly =
        [.. WordKinds.Except([NotQuantityPrefix, NotQuantitySuffix, Or,
            IfOrBut])];

    /// <summary>Kinds that say something beside a verb, and take none away.</summary>
    private static readonly HashSet<PhraseKind> BesideVerbs =
        [Contrast, Not, PartOf, UsedFor, QuestionStart,
            MoneySent, Narration, AsMany, Remark, Fewer];

    /// <summary>"Don't write" orders nothing, whatever is written, and "don't cancel" cancels nothing.</summary>
    private static readonly HashSet<string> Refusals = ["dont", "doesnt", "didnt", "wont", "cant", "not", "never",
        "nunca", "jamas"];

    private static readonly HashSet<PhraseKind> Refusable =
        [Order, Cancel, Stop, Handover, HandoverHint];

    /// <summary>What may stand between: "I don't want to cancel".</summary>
    private static readonly HashSet<string> BesideRefusal = ["want", "need", "have", "wanna", "to", "please", "ever",
        "quiero", "quero", "vou", "lo", "la", "me"];

    public List<FoundPhrase> Find()
    {
        var all = InTables();
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i].Phrases.Contains(Order)) all.Add(new FoundPhrase(Order, i, 1));
        var near = new PhrasesByToken(all, tokens.Count);
        var longest = all.Where(p => !near.Any(p, o => o.Kind == p.Kind && o.Length > p.Length)).ToList();
        near = new PhrasesByToken(longest, tokens.Count);
        var phrases = longest.Where(p => !near.Any(p, o => Covers(o, p))).ToList();
        var swaps = phrases.Where(p => p.Kind == Swap).ToLookup(p => p.Start);
        foreach (var phrase in phrases)
            for (var i = phrase.Start; i < phrase.End; i++)
                if (tokens[i].Kind != TokenKind.Number && !IsSpokenOf(i, phrase, swaps)) Mark(phrase, i);
        return phrases;
    }

    private List<FoundPhrase> InTables()
    {
        var found = new List<FoundPhrase>();
        for (var i = 0; i < tokens.Count; i++)
            foreach (var (sense, length, gap, gapLength) in Lexicon.Shared.At(tokens, i))
                if (Counts(sense, i) && (length > 1 || CountsAlone(sense.Kind, i)))
                    found.Add(new FoundPhrase(sense.Kind, i, length, sense.Value, sense.Nuance, gap, gapLength));
        return found;
    }

    private bool Counts(Sense sense, int at) => sense.Kind is not (PriceWord or BesideYes)
        && (sense.Language == Lexicon.Neutral || languages.Contains(sense.Language))
        && !(Refusable.Contains(sense.Kind) && IsRefused(sense, at));

    private bool IsRefused(Sense sense, int at)
    {
        var before = at - 1;
        if (sense.Kind != Order)
            while (before > 0 && BesideRefusal.Contains(tokens[before].Text)) before--;
        return before >= 0 && (Refusals.Contains(tokens[before].Text)
            // "No cancele" is a "don't" in these languages; "no cancel" says no, and cancels.
            || (sense.Kind != Order && sense.Language is "es" or "pt" && tokens[before].Text is "no" or "nao"));
    }

    private bool CountsAlone(PhraseKind kind, int at)
    {
        if (SensesOnly.Contains(kind) || IsNth(at)) return false;
        // The "pack" of "20 pack" counts.
        if (kind == Order && at > 0 && tokens[at - 1].IsNumber && tokens[at].Unit is not null) return false;
        // "spark plugs: 2 short": a word of the catalog beside a number, and no complaint.
        if (kind == Complaint && vocabulary.Has(tokens[at].Text) && IsBesideNumber(at)) return false;
        if (kind is NotQuantityPrefix or NotQuantitySuffix) return !vocabulary.CanName(tokens[at].Text);
        return WordKinds.Contains(kind) || !(tokens[at].IsNumber || IsOfName(at));
    }

    private bool IsBesideNumber(int at) => tokens.ElementAtOrDefault(at - 1) is { IsNumber: true, Noise: false }
        || tokens.ElementAtOrDefault(at + 1) is { IsNumber: true, Noise: false };

    // A verb inside a longer phrase ("send me the price") is no verb of its own.
    private bool Covers(FoundPhrase longer, FoundPhrase phrase) =>
        !(longer.Kind == Confirm && phrase.Kind == Order && IsCounted(longer.Start))
        && !WordKinds.Contains(phrase.Kind) && phrase.Kind != Negotiate
        && !WordKinds.Contains(longer.Kind) && !BesideVerbs.Contains(longer.Kind)
        && longer.Kind != phrase.Kind && longer.Length > phrase.Length
        && longer.Start <= phrase.Start && longer.End >= phrase.End
        && !AreHintAndSure(longer.Kind, phrase.Kind);

    // "5 bhej do" orders, where "bhej do" alone is a yes.
    private bool IsCounted(int at)
    {
        for (var i = at - 1; i >= Math.Max(0, at - 6) && !tokens[i].EndsClause; i--)
            if (tokens[i].IsNumber) return true;
        return false;
    }

    // The rice of "take the rice out" and of "replace rice with oil" is what the phrase speaks of, no part of it.
    private static bool IsSpokenOf(int at, FoundPhrase phrase, ILookup<int, FoundPhrase> swaps) =>
        (phrase.Kind is Set or Add or Remove or Cancel && phrase.IsInGap(at))
        || swaps[phrase.Start].Any(s => s.IsInGap(at));

    // "price" and "what is the price of" both count.
    private static bool AreHintAndSure(PhraseKind a, PhraseKind b) => (a, b)
        is (PriceHint, PriceQuestion) or (PriceQuestion, PriceHint)
        or (PaymentHint, Payment) or (Payment, PaymentHint)
        or (HandoverHint, Handover) or (Handover, HandoverHint);

    // The "no" of "shop no 9" and of "colour no 3" refuses nothing.
    private bool IsNth(int at) =>
        tokens[at].IsWord && tokens[at].Is(NumberSign) && at > 0 && at + 1 < tokens.Count && tokens[at + 1].IsNumber
        && tokens[at - 1].IsWord
        && (vocabulary.Neighbours(tokens[at - 1].Text, tokens[at + 1].Text) || tokens[at - 1].Is(CommonWord)
            || tokens[at - 1].Is(NotQuantityPrefix));

    // "broken rice", "double roti", "extra virgin": beside its neighbour of a name the word is a name too.
    private bool IsOfName(int at) => tokens[at].IsWord
        && ((vocabulary.Has(tokens[at].Text) && !Lexicon.Shared.Knows(tokens[at].Text) && at + 1 < tokens.Count
            && tokens[at + 1].IsWord && tokens[at + 1].Is(Of))
            || (at > 0 && tokens[at - 1].IsWord && vocabulary.Neighbours(tokens[at - 1].Text, tokens[at].Text))
            || (at + 1 < tokens.Count && tokens[at + 1].IsWord
                && vocabulary.Neighbours(tokens[at].Text, tokens[at + 1].Text)));

    private void Mark(FoundPhrase phrase, int at)
    {
        if (!WordKinds.Contains(phrase.Kind)) tokens[at].Phrases.Add(phrase.Kind);
        else if (phrase.Length > 1 && !tokens[at].Is(phrase.Kind))
            tokens[at].Senses.Add(new Sense(phrase.Kind, phrase.Value, "", phrase.Nuance));
    }
}
