using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>One line as it was read.</summary>
/// <param name="Quantity">In <paramref name="Unit"/>, one of the product's own units; null when open.</param>
/// <param name="Asks">Empty, or what is open: one of <see cref="OpenLine"/>'s words.</param>
/// <param name="Why">How it came about, for a person.</param>
public sealed record ReadLine(
    LineOp Op,
    Product? Product,
    decimal? Quantity,
    string? Unit,
    string Words,
    string MessageId,
    IReadOnlyList<Product> Candidates,
    string Asks,
    string Why)
{
    public bool IsOpen => Asks.Length > 0;
}

/// <summary>A turn as it was read: what the customer wants, the lines, and the reasons.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Clear">The basket is emptied first.</param>
/// <param name="Asked">Products of a price or stock question.</param>
/// <param name="Reasons">For a person: what was recognised, and why.</param>
public sealed record TurnReading(
    Purpose Purpose,
    string Language,
    IReadOnlyList<ReadLine> Lines,
    bool Clear,
    IReadOnlyList<ReadLine> Asked,
    IReadOnlyList<string> Reasons)
{
    /// <summary>"voice", "image" or another kind of the message that was no text; empty where there was none.</summary>
    public string Media { get; init; } = "";

    /// <summary>The same as intents on the wire. Text stays empty: the agent's templates speak.</summary>
    public Reply ToReply()
    {
        var intents = new List<Intent>();
        if (Clear) intents.Add(new Intent(IntentKinds.Clear));
        foreach (var line in Lines) intents.Add(ToIntent(line));
        if (Act() is { } act) intents.Add(new Intent(act, Words: act == IntentKinds.Media ? Media : ""));
        foreach (var line in Asked)
            intents.Add(
                new Intent(Purpose == Purpose.StockQuery ? IntentKinds.Stock : IntentKinds.Price, line.Product?.Sku,
            line.Quantity, line.Unit, line.Words, line.MessageId));
        if (intents.Count == 0) intents.Add(new Intent(IntentKinds.None));
        return new Reply("", intents, Language, "reader");
    }

    private static Intent ToIntent(ReadLine line)
    {
        if (!line.IsOpen)
            return new Intent(Kind(line.Op), line.Product!.Sku, line.Quantity, line.Unit, line.Words, line.MessageId);
        var open = new OpenLine(line.Asks, line.Words, line.Product?.Sku, line.Quantity, line.Unit,
            [.. line.Candidates.Select(p => p.Sku)], line.MessageId);
        return new Intent(IntentKinds.Ask, line.Product?.Sku, line.Quantity, line.Unit, line.Words, line.MessageId,
            open);
    }

    private static string Kind(LineOp op) => op switch
    {
        LineOp.Add => IntentKinds.Add,
        LineOp.Set => IntentKinds.Set,
        LineOp.Remove => IntentKinds.Remove,
        _ => throw new InvalidOperationException($"A finished line adds, sets or removes; this one has {op}."),
    };

    private string? Act() => Purpose switch
    {
        Purpose.Cancel => IntentKinds.Cancel,
        Purpose.Confirm => IntentKinds.Confirm,
        Purpose.Status => IntentKinds.Status,
        Purpose.Payment => IntentKinds.Payment,
        Purpose.Complaint => IntentKinds.Complaint,
        Purpose.Negotiate => IntentKinds.Negotiate,
        Purpose.Handover => IntentKinds.Handover,
        Purpose.Stop => IntentKinds.Stop,
        Purpose.Greeting => IntentKinds.Greeting,
        Purpose.Thanks => IntentKinds.Thanks,
        Purpose.Media => IntentKinds.Media,
        Purpose.PriceQuery when Asked.Count == 0 => IntentKinds.Price,
        Purpose.StockQuery when Asked.Count == 0 => IntentKinds.Stock,
        _ => null,
    };
}
