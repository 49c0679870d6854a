using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>One sentence of a model's text.</summary>
/// <param name="Words">In the reader's one form; a slot is one word.</param>
/// <param name="IsOtherReading">The same sentence once more, with "fr-ee" as one word.</param>
internal sealed record ModelSentence(
    IReadOnlyList<string> Words, IReadOnlyList<Slots.FoundSlot> Slots, bool IsQuestion, bool IsOtherReading)
{
    public bool HasSum => Has(Slot.Price) || Has(Slot.Total) || Has(Slot.Balance);

    public bool Has(Slot slot) => Slots.Any(s => s.Slot == slot);
}

/// <summary>
/// Checks that every word is one that honest answers use, because a list of forbidden words never holds them all.
/// Beside a sum only a few words are needed, so only those may be there. Pure.
/// </summary>
internal static class WordsInPlace
{
    // "Tablets or syrup?": a product's own words, of which no list holds all, are asked for in short questions.
    private const int MostUnknown = 2;
    private const int LongestQuestion = 9;

    private static readonly Slot[] Facts = [Slot.Price, Slot.Stock, Slot.Quantity];

    /// <param name="words">The sentence's, without harmless phrases.</param>
    public static WordsFault? Fault(ModelSentence sentence, IReadOnlyList<string> words, string language)
    {
        if (sentence.IsOtherReading) return null;
        var own = Enumerable.Range(0, words.Count).Where(i => char.IsLetter(words[i][0])).ToList();
        var isOfSum = sentence.HasSum || sentence.Has(Slot.Stock);
        if (isOfSum && own.Any(i => !IsUnit(words[i]) && !ModelWordsTable.Shared.GoesWithSum(words[i], language)))
            return WordsFault.Slot;
        if (sentence.HasSum && HasNameWithoutFact(sentence.Slots)) return WordsFault.Slot;
        var unknown = own.Count(i => !IsKnown(words, i, language));
        var mayHold = sentence.IsQuestion && !isOfSum && own.Count <= LongestQuestion ? MostUnknown : 0;
        return unknown > mayHold ? WordsFault.Unknown : null;
    }

    /// <summary>True where a fact is next to the name of another product.</summary>
    public static bool IsOfOtherProduct(IReadOnlyList<Slots.FoundSlot> slots) =>
        slots.Any(s => s.Slot == Slot.Name)
            && Groups(slots).Any(g => g.Any(s => Facts.Contains(s.Slot)) && g.All(s => s.Slot != Slot.Name));

    // "{name:A} and {name:B} for {price:B}".
    private static bool HasNameWithoutFact(IReadOnlyList<Slots.FoundSlot> slots) =>
        Groups(slots).Any(g => g.All(s => s.Slot == Slot.Name));

    // Neighbours of one product.
    private static List<List<Slots.FoundSlot>> Groups(IReadOnlyList<Slots.FoundSlot> slots)
    {
        var groups = new List<List<Slots.FoundSlot>>();
        foreach (var slot in slots.Where(s => s.Sku.Length > 0))
            if (groups.Count > 0 && groups[^1][0].Sku == slot.Sku) groups[^1].Add(slot);
            else groups.Add([slot]);
        return groups;
    }

    private static bool IsKnown(IReadOnlyList<string> words, int at, string language) =>
        ModelWordsTable.Shared.Knows(words[at], language) || IsUnit(words[at])
            || ModelWordsTable.Shared.At(words, at, language).Any();

    internal static bool IsUnit(string word) =>
        Lexicon.Shared.SenseOf(word, PhraseKind.Unit) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.ShopUnit) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.Measure) is not null;
}
