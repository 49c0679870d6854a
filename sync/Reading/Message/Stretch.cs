using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>One stretch of a message that may be a line: a name, a quantity, or both.</summary>
internal sealed record Stretch(MessageText Text, IReadOnlyList<Token> Tokens)
{
    /// <summary>Words that must name the product.</summary>
    public IReadOnlyList<Token> Names { get; init; } = [];

    /// <summary>Words of the language that the catalog uses too.</summary>
    public IReadOnlyList<Token> Maybe { get; init; } = [];

    /// <summary>Free numbers: the quantity and the sizes are among them.</summary>
    public IReadOnlyList<Token> Numbers { get; init; } = [];

    public IReadOnlyList<Token> Units { get; init; } = [];

    public Meaning Meaning { get; init; } = Meaning.Nothing;

    public Token? Number { get; init; }

    public decimal? Quantity { get; init; }

    public string? Unit { get; init; }

    public IReadOnlyList<Token> Sizes { get; init; } = [];

    public double Score { get; init; }

    public LineOp Op { get; init; } = LineOp.Plain;

    public decimal Factor { get; init; } = 1;

    /// <summary>The product's name was left out, and taken from the line before.</summary>
    public bool Elliptic { get; init; }

    /// <summary>
    /// "bolts" for the "M10 100" of "bolts M8 200, M10 100": words taken from a neighbour because this stretch has no
    /// name of its own; null where it has one.
    /// </summary>
    public string? Family { get; init; }

    /// <summary>Words behind it say how it is wanted: "without ice".</summary>
    public bool HasRemark { get; init; }

    public bool Each { get; init; }

    public bool Both { get; init; }

    public bool All { get; init; }

    public bool That { get; init; }

    public int Clause { get; init; }

    /// <summary>Only if something else is not there.</summary>
    public bool Fallback { get; init; }

    public bool HasName =>
        Names.Count > 0
            || (Names.Count == 0 && Sizes is [{ Measure: not null }] && Number is { Measure: null }
                && Meaning is { Candidates.Count: > 0, SizesMissed: 0 })
                || (Maybe.Count > 0 && Meaning.Candidates.Count > 0) || Meaning.Product is not null;

    public string Words => Text.Words(Tokens);

    public Product? Product => Meaning.Product;

    /// <summary>The words that carry over to a neighbour without a name: neither sizes nor colours.</summary>
    public List<Token> Head()
    {
        var words = Names.Concat(Maybe.Where(m => m.Unit is null)).Where(n => !n.Is(PhraseKind.Adjective)).ToList();
        var plain = words.Where(n => !n.Text.Any(char.IsAsciiDigit)).ToList();
        return plain.Count > 0 ? plain : words;
    }

    /// <summary>The place of its first token in the message.</summary>
    public int First => Tokens[0].At;

    /// <summary>The place of its last token in the message.</summary>
    public int Last => Tokens[^1].At;

    /// <summary>Two stretches with the same words are still two.</summary>
    public bool Equals(Stretch? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public override string ToString() => $"\"{Words}\" {Op} {Quantity:0.###} {Unit}".TrimEnd()
        + $" of {Product?.Sku ?? (Meaning.Candidates.Count > 0
            ? string.Join(" or ", Meaning.Candidates.Select(p => p.Sku))
            : "no product")}" + (Family is null ? "" : $" (family \"{Family}\")");

    /// <summary>What the purpose of the message depends on.</summary>
    public StretchFacts Facts() => new(Clause, (Number ?? Tokens[0]).At, HasName, Names.Count > 0,
        Quantity is not null, Unit is not null, Number is { Article: true }, Meaning.IsClear,
        Meaning.Candidates.Count, Meaning.Unexplained);
}
