using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>What the rules of the purpose ask about one message.</summary>
/// <param name="awaitsYes">A basket was shown, and the customer was asked to confirm it.</param>
internal sealed class PurposeSigns(MessageText text, IReadOnlyList<StretchFacts> stretches, bool awaitsYes,
    bool forwarded)
{
    private static readonly HashSet<PhraseKind> Courtesies = [Thanks, Greeting, Polite, Confirm];
    private static readonly HashSet<PhraseKind> PlainYes = [Thanks, Greeting, Confirm];

    private readonly int[] _clauses = text.Clauses;
    private HashSet<int>? _narrated;
    private bool? _orders;
    private bool? _asksPriceOfQuantity;

    public MessageText Text => text;

    public IReadOnlyList<StretchFacts> Stretches => stretches;

    public bool AwaitsYes => awaitsYes;

    public bool Forwarded => forwarded;

    private bool HasQuestionMark => text.Tokens.Any(t => t.IsMark("?"));

    /// <summary>
    /// The message says that it orders, or is nothing but names: "car shampoo" is an order as much as "I want car
    /// shampoo" is; a name within chatter is not.
    /// </summary>
    public bool Orders => _orders ??= text.Has(Order, Polite, Add, Remove, Set, Negotiate)
        || (stretches.All(s => s.Unexplained == 0) && !HasQuestionMark
            && text.Tokens.Count(t => t.IsWord && t.Is(Filler) && !t.Phrases.Overlaps(Courtesies)) <= 5);

    /// <summary>
    /// "I have 5 kg at home", "my neighbour took 2": clauses that say who did or has something, with no word that
    /// orders. A false order is worse than one that has to be said again.
    /// </summary>
    public IReadOnlySet<int> Narrated => _narrated ??= FindNarrated();

    public HashSet<int> ClausesWith(PhraseKind kind) => [.. text.Of(kind).Select(p => _clauses[p.Start])];

    public bool HasQuantities() => HasQuantities(_ => true);

    /// <summary>A clause that is not muted orders plainly and says how much.</summary>
    public bool HasOrder(HashSet<int> muted) =>
        OrdersQuantity(muted) || OrdersIfInStock(muted) || ListsPolitely(muted);

    public bool IsAdvert() => !text.Has(Order)
        && text.Of(Advert).Count() is > 0 and var count
        && (count > 1 || text.Tokens.Any(t => t is { IsNumber: true, Noise: true }));

    public bool Complains() => text.Has(Complaint) && !(text.Has(Reorder) && text.Has(Fewer))
        && (text.Has(Past) || !text.Has(Order, Polite, Add) || text.Of(Complaint).Any(p => p.Length > 1)
            || !HasQuantities());

    // "3 of the 10 don't work", "de los 6 que compré 2 no prenden".
    public bool IsPartOf() =>
        !text.Has(Order, Polite, Add, Remove) && text.Has(Decline, Not) && text.Tokens.Count(t => t.IsNumber) >= 2
        && text.Of(PartOf).Any(p => TokenAt(p.End) is { IsNumber: true, Measure: null }
            || (p.Nuance == Nuance.After && p.Start > 0));

    public bool Pays() => text.Has(Payment) || text.Of(MoneySent).Any(p => SumBefore(p) || SumAfter(p));

    // "the usual soap" is a product; "the usual" is the last order.
    public bool Reorders() => !text.Has(AboutSak)
        && text.Of(Reorder).Where(p => !text.Of(AsMany).Any(p.Overlaps))
            .Any(p => p.Nuance != Nuance.Usual || TokenAt(p.End) is not { IsWord: true, IsKnown: false });

    public bool WantsNoMessages() => text.Has(Stop) && text.Tokens.Count(t => t.IsWord) <= 8
        && !stretches.Any(s => s.HasQuantity || s.IsClear);

    public bool AsksForPerson() => text.Has(Handover) && !HasQuantities(s => !s.OnlyArticle || s.HasUnit);

    // "cancel the eggs" takes a line out; "cancel my order" stops all.
    public bool CancelsAll()
    {
        if (!text.Has(Cancel)) return false;
        var clauses = ClausesWith(Cancel);
        return !stretches.Any(s => clauses.Contains(s.Clause) && s is { HasName: true, Unexplained: 0, MayMean: > 0 })
            && !HasOrder(clauses);
    }

    public bool BargainsOverQuantities()
    {
        if (!Bargains() || StartsAsking()) return false;
        if (AsksPriceOfQuantity()) return false;
        var bargaining = ClausesWith(Negotiate);
        return HasQuantities(s => !AsksIn(s.Clause) || !bargaining.Contains(s.Clause))
            && text.Of(PriceQuestion).All(p => text.Of(Negotiate)
                .Any(n => n.Overlaps(p) && (n.End >= p.End || text.Tokens[p.End - 1].Is(Preposition))));
    }

    // "99 percent discount approved" claims; "rate mein kami kar dena" asks; "less of the rice" takes away.
    public bool Bargains() => text.Of(Negotiate).Any(p => !HasSum(_clauses[p.Start])
        && !(p.Nuance == Nuance.Less
            && stretches.Any(s => s.Clause == _clauses[p.Start] && s is { HasName: true, HasQuantity: true })));

    public bool AsksPrice() => text.Has(PriceQuestion) || AsksPriceOfQuantity()
        || (text.Has(PriceHint) && !text.Has(Order) && (!HasQuantities() || text.Has(Question)));

    // "need rates of 40 ctn oil", "best price for 40": the verb governs the price that stands before the quantity.
    private bool AsksPriceOfQuantity() => _asksPriceOfQuantity ??= text.Of(PriceHint).Any(IsPriceOfQuantity);

    private bool IsPriceOfQuantity(FoundPhrase price)
    {
        var counted = stretches.FirstOrDefault(s => s.Start >= price.End && s is { HasQuantity: true, HasName: true });
        return counted is not null && (counted.Clause == _clauses[price.Start] || IsHeading(price, counted))
            && !text.Phrases.Any(p => p.Kind is Order or Add or Confirm && p.Start >= price.End
                && _clauses[p.Start] <= counted.Clause);
    }

    // "rates please:" above a list, with nothing else in its line.
    private bool IsHeading(FoundPhrase price, StretchFacts counted)
    {
        var line = text.Tokens.FindIndex(price.End, t => t.IsMark("\n"));
        return line > 0 && line < counted.Start && text.Tokens.Take(line).All(t => t.Kind != TokenKind.Word
            || t.IsKnown) && !text.Tokens.Take(line).Any(t => t.IsNumber || t.IsMark("?"));
    }

    public bool AsksStatus() =>
        text.Of(StatusQuestion).Any(p => p.Nuance != Nuance.Soft
            || !stretches.Any(s => s is { HasName: true, IsClear: true }))
        && !HasOrder(ClausesWith(StatusQuestion));

    /// <summary>A phrase of this kind, and neither an order nor a plain list beside it.</summary>
    public bool SpeaksOnlyOf(PhraseKind kind) => text.Has(kind) && !text.Has(Order) && !ListsBeside(kind);

    public bool AsksStock() => text.Has(StockQuestion)
        && (HasQuestionMark
            || !HasQuantities()
            || (!(text.Has(Order) && HasQuantities(s => s.IsClear)) && text.Of(StockQuestion).Any(IsPlain)));

    // "Asked for 12 and got 10", "I got rear ones but wanted front ones".
    public bool GotSomethingElse() => text.Has(Past) && !text.Has(Order, Add, Thanks)
        && (text.Of(Contrast).Any(p => p.Nuance == Nuance.But)
            || (text.Has(Contrast) && text.Tokens.Count(t => t is { IsNumber: true, Noise: false }) >= 2));

    // "I was wondering if you could send 12 and maybe 3": who asks politely and orders is not undecided for one
    // "maybe".
    public bool IsUndecided() =>
        text.Of(Undecided).Any(p => p.Nuance != Nuance.Soft || !(text.Has(Polite) && text.Has(Order)));

    // "who took my 2 boxes?", "what is 2+2": a question word, and nothing that orders; "did you say 5?".
    public bool IsQuestion() => (HasQuestionMark && !text.Has(Order, Polite, Add, Remove) && BeginsClauseAsking())
        || (!text.Has(Order, Polite, Add, Remove, Set)
            && text.Of(Question).Any(p => !text.Tokens[p.Start].IsMark("?"))
            && text.Of(Question).Any(p => p.Start == 0 || text.Tokens[p.Start].IsMark("?"))
            && !stretches.Any(s => s is { IsClear: true, HasQuantity: true, HasUnit: true }));

    // "is 12 cheaper than 2 boxes of 6": whoever begins so asks, with or without a question mark.
    public bool StartsAsking() => !text.Has(Order, Polite, Add, Set) && BeginsClauseAsking();

    /// <summary>
    /// A plain yes: no word that could take it back. No table can list all of those ("ok, when my brother has paid"),
    /// so the tables list the words that leave a yes plain.
    /// </summary>
    public bool SaysYes() => awaitsYes && text.Has(Confirm) && !HasQuestionMark && !StartsAsking() && !text.IsQuoted
        && !text.Has(Negotiate, PriceQuestion, StatusQuestion, Complaint, Handover)
        && !text.Has(Decline, NegationPrefix, NegationSuffix, Conditional)
        && !text.Tokens.Any(t => t.IsNumber)
        && !stretches.Any(s => s is { MayMean: > 0, NamedByWords: true })
        && text.Tokens.All(t => !t.IsWord || t.Phrases.Overlaps(PlainYes) || IsBesideYes(t.Text));

    public bool OnlyNarrates()
    {
        if (Narrated.Count == 0) return false;
        var ordering = ClausesWith(Order);
        return stretches.All(s => Narrated.Contains(s.Clause) || (!s.HasName && !ordering.Contains(s.Clause)));
    }

    private static bool IsBesideYes(string word) => Lexicon.Shared.SenseOf(word, BesideYes) is not null
        || Lexicon.Shared.SenseOf(word, Confirm) is not null;

    private HashSet<int> FindNarrated()
    {
        HashSet<int> narrated = [.. text.Of(Narration).Where(p => !FollowsOrder(p)).Select(p => _clauses[p.Start])];
        foreach (var kind in (PhraseKind[])[Order, Polite, Add, Remove, Negotiate, Confirm])
            narrated.ExceptWith(ClausesWith(kind));
        // "Only" corrects a line, and says what came.
        narrated.ExceptWith(ClausesWith(Set).Except(ClausesWith(Contrast)));
        narrated.RemoveWhere(Corrects);
        return narrated;
    }

    // "of the pens it was 5 boxes not 3" corrects a quantity; its "was" tells no story.
    private bool Corrects(int clause) =>
        text.Tokens.Where((t, i) => _clauses[i] == clause && t.Negated).Any()
        && text.Of(Narration).Where(p => _clauses[p.Start] == clause)
            .All(p => TokenAt(p.Start - 1) is { IsWord: true } before && before.Is(Pronoun));

    // "2 kg rice because we have guests" orders, whatever is said after it.
    private bool FollowsOrder(FoundPhrase phrase) => phrase.Nuance == Nuance.Before
        && stretches.FirstOrDefault(
            s => s.Clause == _clauses[phrase.Start] && s is { HasQuantity: true, HasName: true }) is { } counted
        && counted.Start <= phrase.Start;

    private bool OrdersQuantity(HashSet<int> muted)
    {
        var narrated = ClausesWith(Narration);
        HashSet<int> ordering = [.. ClausesWith(Order), .. ClausesWith(Add).Except(narrated)];
        ordering.ExceptWith(muted);
        return stretches.Any(s => s.HasQuantity && ordering.Contains(s.Clause));
    }

    // "do you have rose water? 3 bottles if yes"
    private bool OrdersIfInStock(HashSet<int> muted)
    {
        var conditional = ClausesWith(Conditional);
        return text.Has(StockQuestion)
            && stretches.Any(s => s.HasQuantity && conditional.Contains(s.Clause) && !muted.Contains(s.Clause));
    }

    // A polite list and a question about something else: "2 ctn oil please. Do you have sugar?"
    private bool ListsPolitely(HashSet<int> muted)
    {
        HashSet<int> polite = [.. ClausesWith(Polite), .. ClausesWith(Thanks)];
        polite.ExceptWith(muted);
        return stretches.Any(s => s is { HasQuantity: true, HasName: true, MayMean: > 0 } && polite.Contains(s.Clause))
            && stretches.Any(s => s.HasName && muted.Contains(s.Clause));
    }

    // "a dozen aprons, deliver to the back door": a plain list beside it, and nothing that asks.
    private bool ListsBeside(PhraseKind kind)
    {
        var muted = ClausesWith(kind);
        return !HasQuestionMark && HasQuantities(s => s.IsClear && !muted.Contains(s.Clause));
    }

    private bool HasQuantities(Func<StretchFacts, bool> which) =>
        stretches.Any(s => s is { HasQuantity: true, HasName: true } && which(s));

    private bool AsksIn(int clause) => text.Tokens.Where((t, i) => _clauses[i] == clause && t.IsMark("?")).Any();

    private bool HasSum(int clause) =>
        text.Tokens.Where((t, i) => _clauses[i] == clause && t is { IsNumber: true, Noise: true }).Any();

    private bool BeginsClauseAsking() => text.Of(QuestionStart).Any(p => p.Start == 0
        || text.Tokens[p.Start - 1].EndsClause || text.Tokens[p.Start - 1].Phrases.Contains(Greeting));

    private bool IsPlain(FoundPhrase question) => question.Length > 1
        && !(question.Nuance == Nuance.Tag && TokenAt(question.Start - 1) is { } before && before.Is(CommonWord));

    private bool SumBefore(FoundPhrase sent) => sent.Nuance == Nuance.After
        && TokenAt(sent.Start - 1) is { IsNumber: true, Measure: null, Value: >= 100 };

    // "I've sent 1850 for the fan": a sum, for no unit or name follows.
    private bool SumAfter(FoundPhrase sent) =>
        TokenAt(sent.End) is { IsNumber: true, Measure: null, Value: >= 50 }
        && (TokenAt(sent.End + 1) is not { } next || next.Kind == TokenKind.Mark
            || (next.Is(Filler) && next.Unit is null));

    private Token? TokenAt(int index) => text.Tokens.ElementAtOrDefault(index);
}
