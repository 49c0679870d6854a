using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>One line as it was read.</summary>
/// <param name="Quantity">In <paramref name="Unit"/>, one of the product's own units; null when open.</param>
/// <param name="Op">Add, set or remove; an open line may have any.</param>
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
    Purpose Purpose,
    string Language,
    IReadOnlyList<ReadLine> Lines,
    bool Clear,
    IReadOnlyList<ReadLine> Asked,
    IReadOnlyList<string> Reasons)
{
    /// <summary>
    /// What can't be undone and the customer asked for in plain words, in any message of the turn: a yes to what was
    /// shown, "cancel", "stop", a wish for a person.
    /// </summary>
    public IReadOnlySet<IntentKind> Signs { get; init; } = new HashSet<IntentKind>();

    /// <summary>
    /// Where, when, by whom and how paid: what was said around the order, in the customer's own words.
    /// </summary>
    public IReadOnlyList<DeliveryWish> Wishes { get; init; } = [];

    /// <summary>False where the turn was too long, and its end was not read.</summary>
    public bool ReadAll { get; init; } = true;

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
                new Intent(Purpose == Purpose.StockQuery ? IntentKind.Stock : IntentKind.Price, line.Product?.Sku,
            line.Quantity, line.Unit, line.Words, line.MessageId));
        if (intents.Count == 0) intents.Add(new Intent(IntentKind.None));
        return new Reply("", intents, Language, "reader") { Unread = !ReadAll };
    }

    private static Intent ToIntent(ReadLine line)
    {
        if (line.Asks is not { } asks)
            return new Intent(Kind(line.Op), line.Product!.Sku, line.Quantity, line.Unit, line.Words, line.MessageId)
                { AskedAs = line.AskedAs, Supposed = line.Supposed };
        var open = new OpenLine(asks, line.Words, line.Product?.Sku, line.Quantity, line.Unit,
            [.. line.Candidates.Select(p => p.Sku)], line.MessageId) { AskedAs = line.AskedAs };
        return new Intent(IntentKind.Ask, line.Product?.Sku, line.Quantity, line.Unit, line.Words, line.MessageId,
            open);
    }

    private static IntentKind Kind(LineOp op) => op switch
    {
        LineOp.Add => IntentKind.Add,
        LineOp.Set => IntentKind.Set,
        LineOp.Remove => IntentKind.Remove,
        _ => throw new InvalidOperationException($"A finished line adds, sets or removes; this one has {op}."),
    };

    private IntentKind? Act() => Purpose switch
    {
        Purpose.Cancel => IntentKind.Cancel,
        Purpose.Confirm => IntentKind.Confirm,
        Purpose.Status => IntentKind.Status,
        Purpose.Payment => IntentKind.Payment,
        Purpose.Complaint => IntentKind.Complaint,
        Purpose.Negotiate => IntentKind.Negotiate,
        Purpose.Handover => IntentKind.Handover,
        Purpose.Stop => IntentKind.Stop,
        Purpose.Greeting => IntentKind.Greeting,
        Purpose.Thanks => IntentKind.Thanks,
        Purpose.Media => IntentKind.Media,
        Purpose.PriceQuery when Asked.Count == 0 => IntentKind.Price,
        Purpose.StockQuery when Asked.Count == 0 => IntentKind.Stock,
        _ => null,
    };
}
