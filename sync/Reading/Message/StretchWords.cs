using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>Sorts the words of a stretch: names, numbers, units, and what is said beside them.</summary>
internal sealed class StretchWords
{
    private readonly IReadOnlyList<Token> _tokens;
    private readonly Vocabulary _vocabulary;
    private readonly List<Token> _names = [];
    private readonly List<Token> _maybe = [];
    private readonly List<Token> _numbers = [];
    private readonly List<Token> _units = [];

    private StretchWords(IReadOnlyList<Token> tokens, Vocabulary vocabulary) =>
        (_tokens, _vocabulary) = (tokens, vocabulary);

    public static Stretch Sort(MessageText text, IReadOnlyList<Token> tokens, Vocabulary vocabulary)
    {
        var words = new StretchWords(tokens, vocabulary);
        for (var i = 0; i < tokens.Count; i++) words.Sort(i);
        words.SetAside();
        return new Stretch(text, tokens)
        {
            Names = words._names, Maybe = words._maybe, Numbers = words._numbers, Units = words._units,
            Each = tokens.Any(t => t.Is(PhraseKind.Each)), Both = words.Says(PhraseKind.Both),
            All = words.Says(PhraseKind.All), That = words.Says(PhraseKind.Pronoun),
        };
    }

    private bool Says(PhraseKind kind) => _tokens.Any(t => t.IsWord && t.Is(kind));

    private void Sort(int at)
    {
        var token = _tokens[at];
        if (token is { IsNumber: true, Noise: false, Negated: false }) _numbers.Add(token);
        if (!token.IsWord) return;
        if (token.Unit is not null && (token.Phrases.Count == 0 || BesideNumber(at))) _units.Add(token);
        if (!token.Text.Any(char.IsLetter) && !_vocabulary.Has(token.Text)) return;
        if (IsLink(at) || IsLabel(at)) return;
        if (!token.IsKnown || IsAdjective(token)) _names.Add(token);
        else if ((_vocabulary.Has(token.Text) || (token.Unit is not null && _vocabulary.Knows(token.Text)))
            && !token.Is(PhraseKind.Of) && !token.Is(PhraseKind.And) && !token.Is(PhraseKind.SizeNoun))
            _maybe.Add(token);
    }

    // "cera de miel" in a message of another language: a link within a name.
    private bool IsLink(int at) => at > 0 && at + 1 < _tokens.Count
        && _vocabulary.Joins(_tokens[at - 1].Text, _tokens[at + 1].Text) && !_vocabulary.Has(_tokens[at].Text);

    // "PO 4471": the label of a number that counts nothing.
    private bool IsLabel(int at) => at + 1 < _tokens.Count && _tokens[at + 1] is { IsNumber: true, Noise: true }
        && _tokens[at].Is(PhraseKind.NotQuantityPrefix);

    // "for the farm gate", "khet par", "utarwa dena": words that no product has, beside one that says where, when or
    // for whom. A word of the catalog must be left: alone they may be a product that the shop has not.
    private void SetAside()
    {
        var named = _names.Concat(_maybe.Where(m => m.Unit is null)).Any(n => !IsForeign(n));
        for (var i = 0; i < _tokens.Count && _names.Count > 0; i++)
        {
            var token = _tokens[i];
            if (!token.IsWord) continue;
            if (token.Is(PhraseKind.Preposition)
                && (named || (_units.Count > 0 && _tokens.Take(i).Any(t => t == _units[0])))) Drop(i + 1, 1);
            if (!named) continue;
            if (token.Is(PhraseKind.Postposition) || token.Phrases.Contains(PhraseKind.Order)) Drop(i - 1, -1);
            if (_names.Contains(token) && SaysForInArabic(token) && IsForeign(token)) _names.Remove(token);
        }
    }

    private static bool SaysForInArabic(Token token) =>
        token.Text.Length > 4 && token.Text.StartsWith("لل", StringComparison.Ordinal);

    private void Drop(int at, int step)
    {
        while (step > 0 && at < _tokens.Count && _tokens[at].IsWord && !_names.Contains(_tokens[at])
            && _tokens[at].Unit is null && !_tokens[at].Is(PhraseKind.Of)) at++;
        for (; at >= 0 && at < _tokens.Count && _names.Contains(_tokens[at]) && IsForeign(_tokens[at]); at += step)
            _names.Remove(_tokens[at]);
    }

    private bool IsForeign(Token token) => token.Senses.Count == 0 && _vocabulary.Like(token.Text, null).Count == 0;

    private bool BesideNumber(int at) => (at > 0 && _tokens[at - 1].IsNumber)
        || (at + 1 < _tokens.Count && _tokens[at + 1].IsNumber);

    // A colour or size is part of the name, unless the word is also a verb or the like.
    private static bool IsAdjective(Token token) =>
        token.Is(PhraseKind.Adjective) && token.Phrases.Count == 0
            && token.Senses.All(
                s => s.Kind is PhraseKind.Adjective or PhraseKind.Filler or PhraseKind.CommonWord or PhraseKind.Unit);
}
