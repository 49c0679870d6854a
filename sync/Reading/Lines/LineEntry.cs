using Sak.Sync.Model;
using Sak.Sync.Reading.Message;

namespace Sak.Sync.Reading.Lines;

/// <summary>A line in the making: what its stretch of the message says, and what the passes made of it.</summary>
/// <param name="Message">The place of its message in the turn.</param>
internal sealed record LineEntry(Stretch Stretch, int Message)
{
    public LineOp Op { get; init; } = LineOp.Plain;

    public decimal Factor { get; init; } = 1;

    public Product? Product { get; init; }

    public IReadOnlyList<Product> Candidates { get; init; } = [];

    public decimal? Quantity { get; init; }

    public string? Unit { get; init; }

    /// <summary>The lines beside it have a unit and this one has none: which one is asked.</summary>
    public bool AsksForUnit { get; init; }

    /// <summary>Only a quantity or a unit; which product is to be found out.</summary>
    public bool NoName { get; init; }

    /// <summary>No product answers to its words.</summary>
    public bool Unknown { get; init; }

    /// <summary>Something of it was left out and taken from elsewhere.</summary>
    public bool Elliptic { get; init; }

    /// <summary>It answers a question that was asked before the turn.</summary>
    public bool Answer { get; init; }

    public string Words { get; init; } = Stretch.Words;

    /// <inheritdoc cref="BasketLine.AskedAs"/>
    public string? AskedAs { get; init; }

    public string Why { get; init; } = "";

    public string MessageId => Stretch.Text.MessageId;

    public override string ToString() => $"{Op} {Product?.Sku ?? (Unknown ? "unknown" : NoName ? "no name" : "?")} "
        + $"{Quantity:0.###} {Unit}".TrimEnd() + (AsksForUnit ? " in which unit?" : "") + $" \"{Words}\"";
}
