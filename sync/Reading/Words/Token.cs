namespace Sak.Sync.Reading.Words;

internal enum TokenKind { Word, Number, Mark }

/// <summary>One word, number or mark of a message, with what the language tables know of it.</summary>
internal sealed class Token(TokenKind kind, string text, int start, int end)
{
    public TokenKind Kind { get; set; } = kind;

    /// <summary>Normalised.</summary>
    public string Text { get; set; } = text;

    /// <summary>Its place among the tokens of its message, once these are settled.</summary>
    public int At { get; set; }

    /// <summary>Place in the message as written; end exclusive.</summary>
    public int Start { get; } = start;

    public int End { get; set; } = end;

    public decimal Value { get; set; }

    /// <summary>
    /// What a number with three digits behind its one sign is if that sign is a decimal point: 1.5 of "1.500". Null for
    /// every other number.
    /// </summary>
    public decimal? AsDecimal { get; set; }

    /// <summary>It may be one number or another, a thousand times smaller, and nothing says which.</summary>
    public bool IsDoubtful { get; set; }

    /// <summary>The measure of a size: "5 kg", "18 inch"; null for a bare number.</summary>
    public string? Measure { get; set; }

    /// <summary>"x10", "10x": surely a quantity.</summary>
    public bool Times { get; set; }

    /// <summary>Written together with what follows: "10pcs".</summary>
    public bool Glued { get; set; }

    /// <summary>Phone, money, time, address: says nothing about what is ordered.</summary>
    public bool Noise { get; set; }

    /// <summary>Says where, when or by whom the goods come: neither a product nor a quantity.</summary>
    public bool IsAside { get; set; }

    /// <summary>"7 not 4": the 4.</summary>
    public bool Negated { get; set; }

    /// <summary>A number that was written as a word or as a dual ("كرتونين").</summary>
    public bool Spelled { get; set; }

    /// <summary>"a", "un": one only where nothing else says how many.</summary>
    public bool Article { get; set; }

    /// <summary>The kinds of the phrases that it is a part of.</summary>
    public HashSet<PhraseKind> Phrases { get; } = [];

    public List<Sense> Senses { get; } = [];

    public bool IsNumber => Kind == TokenKind.Number;

    public bool IsWord => Kind == TokenKind.Word;

    public bool IsMark(string marks) => Kind == TokenKind.Mark && marks.Contains(Text, StringComparison.Ordinal);

    public bool Is(PhraseKind kind)
    {
        foreach (var sense in Senses)
            if (sense.Kind == kind) return true;
        return false;
    }

    public string? ValueOf(PhraseKind kind)
    {
        foreach (var sense in Senses)
            if (sense.Kind == kind) return sense.Value;
        return null;
    }

    public Nuance NuanceOf(PhraseKind kind)
    {
        foreach (var sense in Senses)
            if (sense.Kind == kind) return sense.Nuance;
        return Nuance.None;
    }

    /// <summary>A word of the language rather than a name: nothing to look up in the catalog.</summary>
    public bool IsKnown => Senses.Count > 0 || Phrases.Count > 0;

    /// <summary>
    /// The unit that it names ("ctn"), or several between bars where the word has several ("ctn|sack"); the product
    /// says which.
    /// </summary>
    public string? Unit
    {
        get
        {
            if (!IsWord || Senses.Count == 0) return null;
            // Asked hundreds of times a message, and worked out again only when a sense was added.
            if (_unitOf != Senses.Count) (_unitOf, _unit) = (Senses.Count, UnitOf(Senses));
            return _unit;
        }
    }

    private int _unitOf = -1;
    private string? _unit;

    private static string? UnitOf(List<Sense> senses)
    {
        string? unit = null;
        foreach (var sense in senses)
            if (sense.Kind == PhraseKind.Unit
                && (unit is null || !$"|{unit}|".Contains($"|{sense.Value}|", StringComparison.Ordinal)))
                unit = unit is null ? sense.Value : $"{unit}|{sense.Value}";
        return unit;
    }

    /// <summary>Parts clauses: commas, ends of sentences and lines, brackets and quotes.</summary>
    public bool EndsClause =>
        Kind == TokenKind.Mark
            && (Text is "," or "?" or "!" or ";" or "\n" or "{" or "}" or "[" or "]" or "(" or ")" or "\""
        || (Text == "." && !Glued));

    public override string ToString() => IsNumber ? $"{Value:0.###}{Measure}" : Text;
}
