using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>One stretch of a message that may be a line: a name, a quantity, or both.</summary>
internal sealed class Stretch(MessageText text, IReadOnlyList<Token> tokens)
{
    public MessageText Text { get; } = text;

    public IReadOnlyList<Token> Tokens { get; } = tokens;

    /// <summary>Words that must name the product.</summary>
    public List<Token> Names { get; } = [];

    /// <summary>Words of the language that the catalog uses too.</summary>
    public List<Token> Maybe { get; } = [];

    /// <summary>Free numbers: the quantity and the sizes are among them.</summary>
    public List<Token> Numbers { get; } = [];

    public List<Token> Units { get; } = [];

    public Meaning Meaning { get; set; } = Meaning.Nothing;

    public Token? Number { get; set; }

    public decimal? Quantity { get; set; }

    public string? Unit { get; set; }

    public IReadOnlyList<Token> Sizes { get; set; } = [];

    public double Score { get; set; }

    public LineOp Op { get; set; } = LineOp.Plain;

    public decimal Factor { get; set; } = 1;

    /// <summary>The product's name was left out, and taken from the line before.</summary>
    public bool Elliptic { get; set; }

    /// <summary>A mass or volume was said of a product that is sold by the piece: "4 litres of" it.</summary>
    public bool Amount { get; set; }

    public bool Each { get; set; }

    public bool Both { get; set; }

    public bool All { get; set; }

    public bool That { get; set; }

    public int Clause { get; set; }

    /// <summary>Only if something else is not there.</summary>
    public bool Fallback { get; set; }

    public bool HasName =>
        Names.Count > 0
            || (Names.Count == 0 && Sizes is [{ Measure: not null }] && Number is { Measure: null }
                && Meaning is { Candidates.Count: > 0, SizesMissed: 0 })
                || (Maybe.Count > 0 && Meaning.Candidates.Count > 0) || Meaning.Product is not null;

    public string Words => Text.Words(Tokens);

    public Product? Product => Meaning.Product;

    public override string ToString() => $"\"{Words}\" {Op} {Quantity:0.###} {Unit}".TrimEnd()
        + $" of {Product?.Sku ?? (Meaning.Candidates.Count > 0
            ? string.Join(" or ", Meaning.Candidates.Select(p => p.Sku))
            : "no product")}";

    /// <summary>What the purpose of the message depends on.</summary>
    public StretchFacts Facts() => new(Clause, Text.Tokens.IndexOf(Number ?? Tokens[0]), HasName, Names.Count > 0,
        Quantity is not null, Unit is not null, Number is { Article: true }, Meaning.IsClear,
        Meaning.Candidates.Count, Meaning.Unexplained);
}
