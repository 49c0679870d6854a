using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sak.Sync.Model;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Names;

/// <summary>One word of a product's name or alias.</summary>
/// <param name="Weight">1 for a word that tells what it is, less for a size or a unit that people leave out.</param>
internal sealed record NameWord(string Text, decimal? Number, string? Measure, double Weight, string? Same)
{
    public Spelling.Heard Heard { get; } = new(Text);
}

/// <summary>One name of a product, taken apart.</summary>
/// <param name="Heads">Places of words that can stand for the whole ("tape" for "clear tape", never "oil" for "oil
/// filter").</param>
internal sealed record Form(NameWord[] Words, bool IsSku, uint Heads, IReadOnlyList<(string, string)> Joined)
{
    public double Total { get; } = Words.Sum(w => w.Weight);

    /// <summary>The outermost words that are no number: what the name is stands at one of these places.</summary>
    public (int First, int Last) Outer { get; } = (Array.FindIndex(Words, w => w.Number is null),
        Array.FindLastIndex(Words, w => w.Number is null));

    /// <summary>A word stands before a unit's word that ends the name: "wax strips".</summary>
    public bool ModelFirst { get; } = Array.FindLastIndex(Words, w => w.Number is null) is > 0 and var last
        && Words[last].Weight < 0.4 && Words.Any(w => w.Number is null && w.Weight >= 1);
}

/// <summary>A product's names, taken apart once for as long as the product lives in memory.</summary>
internal sealed class ProductNames
{
    private const int MostForms = 50_000;

    private static readonly ConditionalWeakTable<Product, ProductNames> Cache = [];

    // Each message reads its products from the database again, but their names are rarely new.
    private static readonly ConcurrentDictionary<(string Text, bool IsSku), Form?> FormsByText = [];

    private ProductNames(Product product) => (Product, Forms) = (product,
        [.. product.Aliases.Prepend(product.Name).Select(n => FormOf(n, isSku: false))
            .Append(FormOf(product.Sku, isSku: true)).OfType<Form>()]);

    public Product Product { get; }

    public IReadOnlyList<Form> Forms { get; }

    public static ProductNames Of(Product product) => Cache.GetValue(product, p => new ProductNames(p));

    private static Form? FormOf(string text, bool isSku)
    {
        if (FormsByText.TryGetValue((text, isSku), out var known)) return known;
        if (FormsByText.Count >= MostForms) FormsByText.Clear();
        return FormsByText[(text, isSku)] = isSku
            ? new Form([new NameWord(SkuForm.Of(text), null, null, 1, null)], true, 1, [])
            : TakeApart(text);
    }

    // Null for a name without a word or a number.
    private static Form? TakeApart(string name)
    {
        var tokens = Numbers.InName(Lexer.Read(name));
        var joined = new List<(string, string)>();
        var words = new List<(NameWord Word, int At)>();
        Sense? of = null;
        for (var i = 0; i < tokens.Count && words.Count < 24; i++)
        {
            var token = tokens[i];
            if (token.Kind == TokenKind.Mark) continue;
            if (token.IsWord && IsLink(token.Text))
            {
                if (i > 0 && i + 1 < tokens.Count) joined.Add((tokens[i - 1].Text, tokens[i + 1].Text));
                of ??= words.Count == 0 ? null : Lexicon.Shared.SenseOf(token.Text, PhraseKind.Of);
                continue;
            }

            words.Add((Word(token), i));
        }

        if (words.Count == 0)
            foreach (var token in tokens.Where(t => t.Kind != TokenKind.Mark).Take(4)) words.Add((Word(token), 0));
        if (words.Count == 0) return null;
        NameWord[] all = [.. words.Select(w => w.Word)];
        return new Form(all, false, HeadsOf(all, of), joined);
    }

    private static NameWord Word(Token token)
    {
        if (token.IsNumber) return new NameWord(token.Text, token.Value, token.Measure, 0.4, null);
        var unit = Lexicon.Shared.SenseOf(token.Text, PhraseKind.Unit) is not null;
        return new NameWord(token.Text, null, null, unit ? 0.2 : 1,
            Lexicon.Shared.SenseOf(token.Text, PhraseKind.Adjective)?.Value);
    }

    private static bool IsLink(string word) =>
        Lexicon.Shared.SenseOf(word, PhraseKind.Of) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.And) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.SizeNoun) is not null
            || (word.Length <= 3 && Lexicon.Shared.SenseOf(word, PhraseKind.Filler) is not null);

    // What a name is stands last in English and Hindi, first in Arabic and before "de" in Spanish and Portuguese. Where
    // the language cannot be told, the first word counts too if the last one ends like a Romance adjective.
    private static uint HeadsOf(NameWord[] words, Sense? of)
    {
        var plain = Enumerable.Range(0, words.Length).Where(i => words[i] is { Weight: 1, Same: null }).ToList();
        if (plain.Count == 0) return (1u << Math.Min(words.Length, 31)) - 1;
        var first = 1u << plain[0];
        var last = 1u << plain[^1];
        if (Sound.IsArabic(words[plain[0]].Text[0])) return first;
        if (of is not null) return of.Language.StartsWith("hi", StringComparison.Ordinal) ? last : first;
        return words[^1].Text[^1] is 'a' or 'o' ? first | last : last;
    }
}

/// <summary>The words of the products at hand, and which of them a written word may be.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, List<Place>> _exact = [];
    private readonly Dictionary<string, Spelling.Heard> _heard = [];
    private readonly List<Spelling.Heard> _latin = [];
    private readonly List<Spelling.Heard> _other = [];
    private readonly Dictionary<string, List<string>> _stems = [];
    private readonly Dictionary<string, List<string>> _same = [];
    private readonly List<(Place Place, NameWord Word)> _numbers = [];
    private readonly Dictionary<string, IReadOnlyList<(string, double)>> _hits = [];
    private readonly HashSet<(string, string)> _joined = [];

    public readonly record struct Place(int Product, int Form, int Word);

    private readonly double _devanagari;
    private readonly double _arabic;

    /// <param name="languages">Of the message: who writes Spanish spells no Arabic word in Latin letters.</param>
    public Vocabulary(IEnumerable<Product> products, IReadOnlySet<string> languages)
    {
        var english = languages.Contains("en");
        _devanagari = languages.Contains("hi-Latn") ? 0 : english || languages.Contains("ar-Latn") ? 0.03 : 1;
        _arabic = languages.Contains("ar-Latn") ? 0 : english || languages.Contains("hi-Latn") ? 0.055 : 1;
        foreach (var product in products.DistinctBy(p => p.Sku)) Add(ProductNames.Of(product));
        foreach (var (word, heard) in _heard)
        {
            Index(_stems, heard.Stem, word);
            (word[0] < 0x0600 ? _latin : _other).Add(heard);
        }
    }

    public List<ProductNames> Products { get; } = [];

    /// <summary>Units that only this shop uses ("sleeve"), as its catalog names them.</summary>
    public HashSet<string> Units { get; } = [];

    public bool SellsByMetre => _metres ??= Products.Any(p => p.Product.Unit == "m");

    private bool? _metres;

    public bool Has(string word) => _exact.ContainsKey(word);

    /// <summary>Exactly, in another number or gender, or as a word for the same colour or size.</summary>
    public bool Knows(string word) => _exact.ContainsKey(word) || _stems.ContainsKey(Sound.Stem(word))
        || (Sound.OtherStem(word) is { } other && _exact.ContainsKey(other));

    /// <summary>"salt" and "pepper", where a name holds "salt and pepper".</summary>
    public bool Joins(string left, string right) => _joined.Contains((left, right));

    /// <summary>
    /// True where this word can stand for a product: "wing" of "Chicken Wing", not "gate" of "Gate Valve".
    /// </summary>
    public bool CanName(string word)
    {
        foreach (var place in PlacesOf(word)
            .Concat((_stems.GetValueOrDefault(Sound.Stem(word)) ?? []).SelectMany(PlacesOf)))
            if (place.Word < 31 && (Products[place.Product].Forms[place.Form].Heads >> place.Word & 1) == 1)
                return true;
        return false;
    }

    /// <summary>True where a name holds these two words one after the other.</summary>
    public bool Neighbours(string left, string right)
    {
        if (!_exact.TryGetValue(left, out var places)) return false;
        if (!_exact.TryGetValue(right, out var next))
            return _stems.GetValueOrDefault(Sound.Stem(right)) is { } stems && stems.Any(s => Neighbours(left, s));
        foreach (var place in places)
            foreach (var after in next)
                if (after.Product == place.Product && after.Form == place.Form && after.Word == place.Word + 1)
                    return true;
        return false;
    }

    /// <summary>True where a product's names hold both words, the first in any number: "kurtas" and "l".</summary>
    public bool ShareName(string word, string other) => _exact.TryGetValue(other, out var places)
        && Like(word, null).Where(l => l.Likeness >= Spelling.Sure).SelectMany(l => PlacesOf(l.Word))
            .Any(p => places.Any(o => o.Product == p.Product));

    /// <summary>True where a name has the Arabic word that this one spells.</summary>
    public bool IsArabizi(string written)
    {
        foreach (var named in _other)
            if (Arabizi.Spells(written, named.Text)) return true;
        return false;
    }

    public IReadOnlyList<Place> PlacesOf(string word) => _exact.GetValueOrDefault(word) ?? [];

    public IEnumerable<(Place Place, NameWord Word)> Numbers => _numbers;

    /// <summary>
    /// Catalog words that a written word may be, with how alike they are. A word that is there as it is, is no
    /// misspelling.
    /// </summary>
    public IReadOnlyList<(string Word, double Likeness)> Like(string written, string? same)
    {
        if (_hits.TryGetValue(written, out var known)) return known;
        var hits = new Dictionary<string, double>();
        if (_exact.ContainsKey(written)) hits[written] = 1;
        foreach (var word in _stems.GetValueOrDefault(Sound.Stem(written)) ?? []) hits.TryAdd(word, 0.98);
        if (Sound.OtherStem(written) is { } other && _exact.ContainsKey(other)) hits.TryAdd(other, 0.98);
        if (same is not null)
            foreach (var word in _same.GetValueOrDefault(same) ?? []) hits.TryAdd(word, 0.95);
        if (hits.Count == 0 && !Lexicon.Shared.Knows(written)) Misspelled(written, hits);
        // Another script may write the same word: "पेन" in the catalog, "pen" in the message.
        else if (hits.Count > 0)
        {
            var heard = new Spelling.Heard(written);
            foreach (var named in written[0] < 0x0600 ? _other : _latin)
                if (named.Text is var word && !hits.ContainsKey(word)
                    && Spelling.Likeness(heard, named) is var across and >= Spelling.Sure && Across(written, word) < 1)
                    hits[word] = across - 0.02 - Across(written, word);
        }

        return _hits[written] = [.. hits.Select(h => (h.Key, h.Value))];
    }

    private double Across(string written, string word) =>
        written[0] >= 0x0600 || word[0] < 0x0600 ? 0 : Sound.IsArabic(word[0]) ? _arabic : _devanagari;

    private void Misspelled(string written, Dictionary<string, double> hits)
    {
        var heard = new Spelling.Heard(written);
        if (Sound.IsArabic(written[0]) && Sound.Root(written) is { Length: >= 3 } root)
            foreach (var named in _other)
                if (Sound.IsArabic(named.Text[0]) && Sound.Root(named.Text) == root) hits[named.Text] = 0.88;
        foreach (var (word, named) in _heard)
            if (Spelling.Likeness(heard, named) - Across(written, word) is var likeness and > 0) hits[word] = likeness;
        if (written.Length >= 3 && written[0] < 0x0600 && hits.Values.All(l => l < Spelling.Sure))
            foreach (var named in _latin)
                if (Spelling.IsClipped(written, named.Text)) hits[named.Text] = 0.78;
        if (hits.Count == 0) return;
        // Of several near words only the nearest ones count.
        var best = hits.Values.Max();
        foreach (var word in hits.Where(h => h.Value < best - 0.07).Select(h => h.Key).ToList()) hits.Remove(word);
    }

    private void Add(ProductNames names)
    {
        var product = Products.Count;
        Products.Add(names);
        foreach (var unit in names.Product.Packs.Select(p => p.Name).Append(names.Product.Unit))
            if (Normal.Text(unit) is { Length: > 1 } name && Lexicon.Shared.SenseOf(name, PhraseKind.Unit) is null
                && Lexicon.Shared.SenseOf(name, PhraseKind.Measure) is null) Units.Add(name);
        for (var f = 0; f < names.Forms.Count; f++)
        {
            foreach (var pair in names.Forms[f].Joined) _joined.Add(pair);
            for (var w = 0; w < names.Forms[f].Words.Length; w++)
            {
                var word = names.Forms[f].Words[w];
                var place = new Place(product, f, w);
                if (word.Number is not null) _numbers.Add((place, word));
                Index(_exact, word.Text, place);
                _heard.TryAdd(word.Text, word.Heard);
                if (word.Same is not null
                    && !(_same.TryGetValue(word.Same, out var there) && there.Contains(word.Text)))
                    Index(_same, word.Same, word.Text);
            }
        }
    }

    private static void Index<T>(Dictionary<string, List<T>> index, string key, T value)
    {
        if (!index.TryGetValue(key, out var list)) index[key] = list = [];
        list.Add(value);
    }
}
