using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>What the customer wants with the whole message, in the words of the development set.</summary>
public static class Purposes
{
    public const string Order = "order";
    public const string Modify = "modify";
    public const string Reorder = "reorder";
    public const string PriceQuery = "price_query";
    public const string StockQuery = "stock_query";
    public const string Negotiate = "negotiate";
    public const string Cancel = "cancel";
    public const string Confirm = "confirm";
    public const string Decline = "decline";
    public const string Status = "status";
    public const string Payment = "payment";
    public const string Complaint = "complaint";
    public const string Handover = "handover";
    public const string Stop = "stop";
    public const string Greeting = "greeting";
    public const string Thanks = "thanks";
    public const string Media = "media";
    public const string Other = "other";
}

/// <summary>One line as it was read.</summary>
/// <param name="Op">Add, set or remove; an open line may have any.</param>
/// <param name="Quantity">In <paramref name="Unit"/>, one of the product's own units; null when open.</param>
/// <param name="Asks">What is open; null for a line that can be ordered.</param>
/// <param name="Why">How it came about, for a person.</param>
public sealed record ReadLine(
    LineOp Op,
    Product? Product,
    decimal? Quantity,
    string? Unit,
    string Words,
    string MessageId,
    IReadOnlyList<Product> Candidates,
    AskedFor? Asks,
    string Why)
{
    public bool IsOpen => Asks is not null;

    /// <inheritdoc cref="BasketLine.AskedAs"/>
    public string? AskedAs { get; init; }

    /// <inheritdoc cref="BasketLine.Supposed"/>
    public bool Supposed { get; init; }
}

/// <summary>A turn as it was read: what the customer wants, the lines, and the reasons.</summary>
/// <param name="Language">BCP 47.</param>
/// <param name="Clear">The basket is emptied first.</param>
/// <param name="Asked">Products of a price or stock question.</param>
/// <param name="Reasons">For a person: what was recognised, and why.</param>
public sealed record TurnReading(
    string Purpose,
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
        if (Clear) intents.Add(new Intent(IntentKind.Clear));
        foreach (var line in Lines) intents.Add(ToIntent(line));
        if (Act() is { } act) intents.Add(new Intent(act, Words: act == IntentKind.Media ? Media : ""));
        foreach (var line in Asked)
            intents.Add(
                new Intent(Purpose == Purposes.StockQuery ? IntentKind.Stock : IntentKind.Price, line.Product?.Sku,
            line.Quantity, line.Unit, line.Words, line.MessageId));
        if (intents.Count == 0) intents.Add(new Intent(IntentKind.None));
        return new Reply("", intents, Language, "reader");
    }

    private static Intent ToIntent(ReadLine line)
    {
        if (line.Asks is not { } asks)
            return new Intent(KindOf(line.Op), line.Product!.Sku, line.Quantity, line.Unit, line.Words, line.MessageId)
                { AskedAs = line.AskedAs, Supposed = line.Supposed };
        var open = new OpenLine(asks, line.Words, line.Product?.Sku, line.Quantity, line.Unit,
            [.. line.Candidates.Select(p => p.Sku)], line.MessageId) { AskedAs = line.AskedAs };
        return new Intent(IntentKind.Ask, line.Product?.Sku, line.Quantity, line.Unit, line.Words, line.MessageId,
            open);
    }

    private static IntentKind KindOf(LineOp op) => op switch
    {
        LineOp.Remove => IntentKind.Remove,
        LineOp.Set => IntentKind.Set,
        _ => IntentKind.Add,
    };

    private IntentKind? Act() => Purpose switch
    {
        Purposes.Cancel => IntentKind.Cancel,
        Purposes.Confirm => IntentKind.Confirm,
        Purposes.Status => IntentKind.Status,
        Purposes.Payment => IntentKind.Payment,
        Purposes.Complaint => IntentKind.Complaint,
        Purposes.Negotiate => IntentKind.Negotiate,
        Purposes.Handover => IntentKind.Handover,
        Purposes.Stop => IntentKind.Stop,
        Purposes.Greeting => IntentKind.Greeting,
        Purposes.Thanks => IntentKind.Thanks,
        Purposes.Media => IntentKind.Media,
        Purposes.PriceQuery when Asked.Count == 0 => IntentKind.Price,
        Purposes.StockQuery when Asked.Count == 0 => IntentKind.Stock,
        _ => null,
    };
}
