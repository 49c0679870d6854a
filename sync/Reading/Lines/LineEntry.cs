using Sak.Sync.Model;

namespace Sak.Sync.Reading.Lines;

/// <summary>A line in the making: what its stretch of the message says, before it meets the lines around it.</summary>
internal sealed class LineEntry
{
    public LineOp Op = LineOp.Plain;
    public decimal Factor = 1;
    public Product? Product;
    public IReadOnlyList<Product> Candidates = [];
    public decimal? Quantity;
    public string? Unit;
    public bool AsksForUnit;
    public bool NoName;
    public bool Unknown;
    public bool Weak;
    public bool Elliptic;
    public bool Answer;
    public bool Amount;
    public string Words = "";
    public string? AskedAs;
    public string MessageId = "";
    public string Why = "";
    public Draft? Draft;
    public int Message;
}

/// <summary>A question that was asked before, and whether this turn has answered it.</summary>
internal sealed record Pending(OpenLine Open)
{
    public bool Answered { get; set; }
}
