using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Reading.Written;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>
/// Words around an order that say where, when, by whom or how it comes and is paid: "deliver to Park Street 5 at 6pm".
/// They are kept as wishes, and no word or number of them is a product or a quantity.
/// </summary>
internal sealed class WishFinder
{
    private static readonly (LabelKind Label, DeliveryWishKind Kind)[] Whole =
    [
        (LabelKind.Pickup, DeliveryWishKind.Pickup), (LabelKind.Delivery, DeliveryWishKind.Delivery),
        (LabelKind.Payment, DeliveryWishKind.Payment),
    ];

    private static readonly (LabelKind Label, DeliveryWishKind Kind)[] Introducing =
    [
        (LabelKind.PlaceAfter, DeliveryWishKind.Place), (LabelKind.PersonAfter, DeliveryWishKind.Person),
    ];

    private readonly MessageText _text;
    private readonly Vocabulary _vocabulary;
    private readonly List<Token> _tokens;
    private readonly List<string> _words;
    private readonly IReadOnlyList<(LabelKind Kind, int Length)>?[] _labels;
    private readonly PhrasesByToken _phrases;
    private readonly HashSet<int> _asked;
    private readonly HashSet<FoundPhrase> _gone = [];
    private readonly List<(int Start, int End, DeliveryWishKind Kind)> _found = [];

    private WishFinder(MessageText text, Vocabulary vocabulary)
    {
        (_text, _vocabulary, _tokens) = (text, vocabulary, text.Tokens);
        _words = text.Tokens.ConvertAll(t => t.Text);
        _labels = new IReadOnlyList<(LabelKind, int)>?[_words.Count];
        _phrases = new PhrasesByToken(text.Phrases, text.Tokens.Count);
        _asked = [.. text.Tokens.Where(t => t.IsMark("?")).Select(t => text.Clauses[t.At])];
    }

    /// <summary>Finds the wishes, and sets their words aside where the rest of the message names a product.</summary>
    public static IReadOnlyList<DeliveryWish> Take(MessageText text, Vocabulary vocabulary) =>
        new WishFinder(text, vocabulary).Take();

    private List<DeliveryWish> Take()
    {
        for (var i = 0; i < _tokens.Count; i++)
            if (_tokens[i].Kind != TokenKind.Mark && Find(i) is { Length: > 0 } found)
            {
                _found.Add((i - found.Before, i + found.Length, found.Kind));
                i += found.Length - 1;
            }

        if (_found.Count == 0) return [];
        var orders = RestOrders();
        foreach (var (start, end, kind) in _found.Where(f => Counts(f, orders))) SetAside(start, end, kind);
        _text.Phrases.RemoveAll(p => _gone.Contains(p));
        return Wishes();
    }

    // A payment is one only beside an order: alone it is what the message is about.
    private static bool Counts((int Start, int End, DeliveryWishKind Kind) found, bool orders) =>
        found.Kind != DeliveryWishKind.Time
            && (orders || found.Kind is DeliveryWishKind.Place or DeliveryWishKind.Person);

    private (int Before, int Length, DeliveryWishKind Kind) Find(int at)
    {
        foreach (var (label, kind) in Whole)
            if (Label(at, label) is > 0 and var length && !IsAsked(at)) return (0, length, kind);
        if (Labelled(at) is { Length: > 0 } introduced) return introduced;
        if (Behind(at) is { Length: > 0 } behind) return behind;
        if (Label(at, LabelKind.Between) == 1 && Range(at) is > 0 and var range)
            return (0, range, DeliveryWishKind.Time);
        if (Label(at, LabelKind.Day) is > 0 and var day) return (0, day, DeliveryWishKind.Time);
        if (Clock(at) is > 0 and var clock) return (0, clock, DeliveryWishKind.Time);
        if (Label(at, LabelKind.With) == 1 && Carrier(at + 1) is > 0 and var carrier)
            return (0, 1 + carrier, DeliveryWishKind.Person);
        return Street(at) is > 0 and var street ? (0, street, DeliveryWishKind.Place)
            : ByPreposition(at) is > 0 and var place ? (0, place, DeliveryWishKind.Place) : default;
    }

    // "deliver to" and whatever follows it in its clause, up to a quantity or a product.
    private (int, int Length, DeliveryWishKind) Labelled(int at)
    {
        foreach (var (label, kind) in Introducing)
            if (Label(at, label) is > 0 and var length && !IsAsked(at)
                && _tokens.ElementAtOrDefault(at + length) is not { IsNumber: true, Noise: true }
                && Extent(at + length) is var end
                && (end > at + length || end == _tokens.Count || _tokens[end].EndsClause))
                return (0, end - at, kind);
        return default;
    }

    // "send 3 oil with Ramesh": a name, written as one; "with biscuits" may be a product.
    private int Carrier(int at)
    {
        var end = Run(at, 2, IsLike);
        return end > at && char.IsUpper(_text.Written[_tokens[at].Start]) && !_tokens[end - 1].IsNumber
            && _tokens.Take(at).Any(t => t.Phrases.Contains(Order)) ? end - at : 0;
    }

    private int Extent(int at)
    {
        var end = at;
        for (; end < _tokens.Count && !_tokens[end].EndsClause; end++)
        {
            var token = _tokens[end];
            if (token.IsMark(":")) break;
            if (token.IsNumber && !token.Noise && IsQuantity(end)) break;
            if (token.IsWord && end > at && token.Is(And) && Follows(end + 1)) break;
            if (token.IsWord && token.Senses.Count == 0 && _vocabulary.Knows(token.Text)) break;
            if (token.IsWord && (Clock(end) > 0 || (end > at && Label(end, LabelKind.Day) > 0))) break;
        }

        return end;
    }

    private bool Follows(int at) => at < _tokens.Count
        && (_tokens[at].IsNumber || _vocabulary.Knows(_tokens[at].Text) || _tokens[at].Phrases.Count > 0);

    // A number that counts: a unit or a product's word is beside it. "Park Street 5" and "flat 12" count nothing.
    private bool IsQuantity(int at) => _tokens.ElementAtOrDefault(at + 1) is { IsWord: true } next
        && (next.Unit is not null || (_vocabulary.Knows(next.Text) && !next.Is(Filler) && !next.Is(Preposition)));

    // "Ramesh ke haath": unknown words before it, back to a number, a product or a word of the language.
    private (int Before, int Length, DeliveryWishKind Kind) Behind(int at)
    {
        var (place, person) = (Label(at, LabelKind.PlaceBefore),
            Label(at, LabelKind.PersonBefore));
        if (place + person == 0) return default;
        var start = at;
        while (start > 0 && IsForeign(start - 1)) start--;
        return start == at ? default
            : (at - start, Math.Max(place, person), person >= place ? DeliveryWishKind.Person : DeliveryWishKind.Place);
    }

    // "between 5 and 6", with "pm" or "in the evening".
    private int Range(int at)
    {
        if (_tokens.ElementAtOrDefault(at + 1) is not { IsNumber: true, Measure: null } from
            || _tokens.ElementAtOrDefault(at + 2) is not { } and
            || !(and.Is(And) || and.IsMark("-") || and.Is(Preposition))
            || _tokens.ElementAtOrDefault(at + 3) is not { IsNumber: true, Measure: null } to
            || from.Value > 24 || to.Value > 24 || IsQuantity(at + 3)) return 0;
        from.Noise = to.Noise = true;
        return 4 + Suffix(at + 4);
    }

    // "at 6pm", "a las 6", "10:30": a number that counts nothing beside a word of time.
    private int Clock(int at)
    {
        var number = _phrases.At(at).FirstOrDefault(p => p is { Kind: NotQuantityPrefix, Nuance: Nuance.Weak }
            && p.Start == at) is { } before ? before.End : at;
        if (_tokens.ElementAtOrDefault(number) is not { IsNumber: true, Noise: true, Value: <= 24 } hour) return 0;
        var suffix = Suffix(number + 1);
        return number > at || suffix > 0 || hour.Text.Contains(':', StringComparison.Ordinal)
            ? number + 1 + suffix - at
            : 0;
    }

    private int Suffix(int at)
    {
        var suffix = at < _tokens.Count ? Label(at, LabelKind.Hour) : 0;
        var day = at + suffix;
        return suffix + (day < _tokens.Count ? Label(day, LabelKind.Day) : 0);
    }

    // "12 MG Road", "Park Street 5", "شارع الملك فهد"
    private int Street(int at)
    {
        if (Label(at, LabelKind.Street) == 1)
        {
            var name = Run(at + 1, 3, _vocabulary.Has);
            return name > at + 1 && Ends(name) ? name - at : 0;
        }

        if (Label(at, LabelKind.PlaceColon) == 1 && _tokens.ElementAtOrDefault(at + 1)?.IsMark(":") == true
            && Run(at + 2, 4, _vocabulary.Has) is var place && place > at + 2) return place - at;
        if ((at == 0 || _tokens[at - 1].EndsClause) && Run(at, 3, _vocabulary.Has) is var town && town > at + 1
            && _tokens[town - 1] is { IsNumber: true, Text.Length: 5 or 6 }) return town - at;

        var first = (_tokens[at].IsNumber && !IsQuantity(at)) || IsHouse(_tokens[at]) ? at + 1 : at;
        // "12 MG Road": the letters are no milligrams.
        var least = _tokens[at].Measure is not null ? 0 : 1;
        if (least > 0 && (first == _tokens.Count || !IsNamePart(first))) return 0;
        for (var end = first + least; end <= first + 4 && end < _tokens.Count; end++)
        {
            if (Label(end, LabelKind.StreetEnd) > 0 && !_vocabulary.Knows(_words[end]))
                return Run(end + 1, 2, IsLike) - at;
            if (!IsNamePart(end)) break;
        }

        return 0;
    }

    // "45/2"
    private static bool IsHouse(Token token) => token.IsWord && char.IsAsciiDigit(token.Text[0])
        && !token.Text.Any(char.IsLetter);

    // "to 12 Green Park": words that no product has, behind a word that says where or for whom.
    private int ByPreposition(int at)
    {
        if (at == 0 || !_tokens[at].IsWord || !_tokens[at].Is(Preposition)
            || _phrases.At(at).Any(p => p is { Kind: Set or Swap or Add, Length: > 1 }))
            return 0;
        var first = at + 1;
        if (_tokens.ElementAtOrDefault(first) is { IsWord: true } sign && sign.Is(NumberSign)) first++;
        if (first < _tokens.Count && Street(first) is > 0 and var street) return first + street - at;
        if (_tokens.ElementAtOrDefault(first) is { IsNumber: true } && !IsQuantity(first) && first + 1 < _tokens.Count
            && IsForeign(first + 1) && Run(first + 1, 4, IsLike) is var far
            && (far == _tokens.Count || !_tokens[far].IsNumber)) first++;
        var end = Run(first, 4, IsLike);
        return end > first ? end - at : 0;
    }

    // Unknown words from a place on, an adjective before one ("Green Park"), and the house's number behind them.
    private int Run(int at, int most, Func<string, bool> isProduct)
    {
        var end = at;
        while (end < _tokens.Count && end - at < most
            && (IsForeign(end, isProduct) || IsNamePart(end) || (end > at && IsNamePart(end - 1)
                && _tokens[end - 1].Is(Adjective) && _tokens[end].Is(CommonWord)))) end++;
        return end > at && end < _tokens.Count && _tokens[end] is { IsNumber: true, Measure: null } && !IsQuantity(end)
            && Ends(end + 1) ? end + 1 : end;
    }

    private bool Ends(int at) => at >= _tokens.Count || _tokens[at].EndsClause || _tokens[at].Is(Preposition)
        || _tokens[at].Is(Filler);

    // A word that nobody knows, or the "Green" of "Green Park".
    private bool IsNamePart(int at) => IsForeign(at) || (_tokens[at].IsWord && _tokens[at].Is(Adjective)
        && !_vocabulary.Knows(_tokens[at].Text) && at + 1 < _tokens.Count
        && (IsForeign(at + 1) || (_tokens[at + 1].Is(CommonWord) && !_vocabulary.Knows(_tokens[at + 1].Text))));

    private bool IsForeign(int at) => IsForeign(at, IsLike);

    private bool IsForeign(int at, Func<string, bool> isProduct) => _tokens[at] is { IsWord: true, IsKnown: false } word
        && word.Text.Any(char.IsLetter) && !isProduct(word.Text);

    private bool IsLike(string word) => _vocabulary.Like(word, null).Count > 0;

    private int Label(int at, LabelKind kind)
    {
        foreach (var (found, length) in _labels[at] ??= Labels.At(_words, at))
            if (found == kind) return length;
        return 0;
    }

    // "do you do home delivery?"
    private bool IsAsked(int at) => _asked.Contains(_text.Clauses[at]);

    private bool RestOrders()
    {
        var inside = new HashSet<int>(_found.SelectMany(f => Enumerable.Range(f.Start, f.End - f.Start)));
        return _tokens.Where((t, i) => !inside.Contains(i) && t.IsWord && _vocabulary.Knows(t.Text)).Any()
            && _tokens.Where((t, i) => !inside.Contains(i) && t is { IsNumber: true, Noise: false }).Any();
    }

    private void SetAside(int start, int end, DeliveryWishKind kind)
    {
        for (var i = start; i < end; i++) _tokens[i].IsAside = true;
        // The verb of "deliver to" still orders.
        var verb = kind == DeliveryWishKind.Place || kind == DeliveryWishKind.Person;
        for (var i = start; i < end; i++)
            _gone.UnionWith(_phrases.At(i).Where(p => p.Start >= start && p.End <= end
                && !(verb && p.Kind == Order && p.Start == start)));
    }

    private List<DeliveryWish> Wishes()
    {
        var wishes = new List<DeliveryWish>();
        for (var i = 0; i < _found.Count; i++)
        {
            var (start, end, kind) = _found[i];
            // "tomorrow at 6" is one time.
            while (kind == DeliveryWishKind.Time && i + 1 < _found.Count
                && _found[i + 1] is { Kind: DeliveryWishKind.Time } next && next.Start <= end) end = _found[++i].End;
            var words = _text.Words(_tokens.GetRange(start, end - start));
            wishes.Add(new DeliveryWish(kind, words, _text.MessageId));
        }

        return wishes;
    }
}
