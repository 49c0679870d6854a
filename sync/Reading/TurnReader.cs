using Sak.Sync.Model;
using Sak.Sync.Reading.Lines;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>
/// The story of a turn: each message is cut, its purpose decided, its lines read; then all of them become one reading.
/// </summary>
internal sealed class TurnReader(Context context, string language, IReadOnlySet<string> languages)
{
    private static readonly HashSet<string> TextKinds = ["text", "edited", "deleted"];

    private readonly LineReader _lines = new(context);
    private readonly List<Decision> _acts = [];
    private readonly List<ReadLine> _asked = [];
    private readonly List<ReadLine> _withdrawn = [];
    private readonly List<string> _reasons = [];
    private bool _asksForPerson;
    private bool _yesStands;
    private bool _doubleAll;
    private decimal _factorAll = 1;

    public TurnReading Read(IEnumerable<(TurnMessage Message, List<Token> Tokens, List<Token> Before)> messages)
    {
        var index = 0;
        foreach (var (message, tokens, before) in messages) ReadMessage(message, tokens, before, index++);
        return Decide();
    }

    /// <summary>The text under a picture, without the placeholder that stands for it ("[photo]", 📷).</summary>
    public static string Caption(string text)
    {
        text = text.Trim();
        if (text.StartsWith('[') && text.IndexOf(']', StringComparison.Ordinal) is var end and > 0)
            text = text[(end + 1)..];
        return text.Replace("📷", "", StringComparison.Ordinal).Replace("🎤", "", StringComparison.Ordinal)
            .Replace("🎵", "", StringComparison.Ordinal).Trim();
    }

    private void ReadMessage(TurnMessage message, List<Token> tokens, List<Token> before, int index)
    {
        if (message.Kind is "edited" or "deleted" && message.Before is { Length: > 0 } was)
        {
            Withdraw(was, before, message.Id);
            if (message.Kind == "deleted")
            {
                _acts.Add(new Decision(Purpose.Order, null, true, "a message was deleted"));
                return;
            }
        }

        var written = TextKinds.Contains(message.Kind) ? message.Text : Caption(message.Text);
        var text = MessageText.Read(written, message.Id, languages, context.Vocabulary, tokens);
        NotQuantities.Mark(text);
        var stretches = new Cutter(text, context.Vocabulary).Read();
        var awaitsYes = context.AwaitsYes
            && _acts.All(a => a.Purpose is Purpose.Greeting or Purpose.Other or Purpose.Thanks);
        var decision = PurposeRules.Decide(
            new PurposeSigns(text, stretches.ConvertAll(s => s.Facts()), awaitsYes, message.Forwarded));
        if (!TextKinds.Contains(message.Kind)) decision = OfMedia(decision, stretches);
        _acts.Add(decision);
        // "It leaks, call me": a complaint, and a wish all the same.
        _asksForPerson |= decision.Purpose is not (Purpose.Other or Purpose.Stop)
            && text.Has(PhraseKind.Handover) && !text.Has(PhraseKind.Not, PhraseKind.Decline);
        NoteYes(decision, message.Forwarded || text.Tokens.All(t => !t.Text.Any(char.IsLetterOrDigit)));
        var said = text.Tokens.Select(t => t.Noise ? $"({t})" : t.Negated ? $"!{t}" : t.ToString());
        _reasons.Add($"{message.Id}: {decision.Purpose.Text()}, {decision.Why}; {string.Join(' ', said)}");
        if (decision.Purpose is Purpose.PriceQuery or Purpose.StockQuery) Ask(stretches);
        if (decision.Purpose == Purpose.Reorder) NoteDoubling(text, stretches);
        context.Steps?.AddRange(
        [
            $"tokens: {string.Join(' ', said)}",
            .. stretches.Select(s => $"stretch: {s}"),
            $"purpose: {decision.Purpose.Text()}, {decision.Why} (rule: {decision.Rule})",
        ]);
        _lines.Read(text, stretches, decision, index);
    }

    // "yes", and then "my husband has to see it": what comes after a yes takes it back, unless it is mere courtesy.
    private void NoteYes(Decision decision, bool saysNothing) => _yesStands = decision.Purpose switch
    {
        Purpose.Confirm => true,
        Purpose.Greeting or Purpose.Thanks => _yesStands,
        _ => _yesStands && saysNothing,
    };

    // A caption that lists quantities of known products is an order under a picture; any other picture is for a person.
    private static Decision OfMedia(Decision decision, List<Stretch> stretches) =>
        decision.Purpose == Purpose.Order && stretches.Any(d => d.Meaning.IsClear && d.Quantity is not null) ? decision
            : new Decision(Purpose.Media, null, false, "not a text");

    // What the message said before it was edited or deleted no longer counts.
    private void Withdraw(string written, List<Token> tokens, string id)
    {
        var text = MessageText.Read(written, id, languages, context.Vocabulary, tokens);
        NotQuantities.Mark(text);
        var stretches = new Cutter(text, context.Vocabulary).Read();
        var reader = new LineReader(context);
        reader.Read(text, stretches, new Decision(Purpose.Order, new HashSet<int>(), true, "before"), 0);
        _withdrawn.AddRange(
            reader.Finish(true, false)
                .Where(l => l is { IsOpen: false, Quantity: not null } && context.Line(l.Product!.Sku) is not null));
        _reasons.Add(
            $"{id}: withdraws {string.Join(", ", _withdrawn.Select(w => $"{w.Quantity} {w.Unit} {w.Product!.Sku}"))}");
    }

    private void Ask(List<Stretch> stretches)
    {
        foreach (var stretch in stretches.Where(
            d => d.Meaning.Candidates.Count > 0 && d.Meaning.Unexplained == 0 && d.HasName))
            foreach (var product in stretch.Product is { } one ? [one] : stretch.Meaning.Candidates)
                if (_asked.Count < 5 && _asked.All(a => a.Product != product)) _asked.Add(Question(stretch, product));
    }

    private static ReadLine Question(Stretch stretch, Product product)
    {
        var units = stretch.Quantity is { } quantity && stretch.Product is not null
            ? Units.Of(product, quantity, stretch.Unit)
            : null;
        return new ReadLine(LineOp.Add, product, units?.Quantity, units?.Unit, stretch.Words, stretch.Text.MessageId,
            [],
            null, "asked about");
    }

    private void NoteDoubling(MessageText text, List<Stretch> stretches)
    {
        if (text.Of(PhraseKind.Factor).FirstOrDefault() is not { } phrase || stretches.Any(d => d.HasName)) return;
        (_doubleAll, _factorAll) = (true, Lexer.Number(phrase.Value));
    }

    private TurnReading Decide()
    {
        if (_acts.Any(a => a.Purpose == Purpose.Reorder)) return Reorder();
        var ordering = _acts.Any(a => a.Orders);
        var lines = Withdrawn(_lines.Finish(ordering, false));
        var last = _acts.LastOrDefault(a => a.Purpose is not (Purpose.Thanks or Purpose.Greeting or Purpose.Other))
            ?? _acts.LastOrDefault();
        if (last?.Purpose == Purpose.Cancel) return Make(Purpose.Cancel, []);
        if (lines.Count > 0) return Make(PurposeOfLines(), lines);
        if (_acts.Any(a => a.Purpose == Purpose.Media)) return Make(Purpose.Media, []);
        if (_acts.LastOrDefault(
            a => a.Purpose is Purpose.Handover or Purpose.Complaint or Purpose.Stop) is { } grave)
            return Make(grave.Purpose, []);
        if (last?.Purpose == Purpose.Confirm && !_yesStands) return Make(Fallback(), []);
        return Make(last?.Purpose is Purpose.Order or Purpose.Negotiate or null ? Fallback() : last.Purpose, []);
    }

    // Looked like an order, and then nothing of it could be kept.
    private Purpose Fallback() => _acts.Any(a => a.Purpose == Purpose.Greeting) ? Purpose.Greeting : Purpose.Other;

    private Purpose PurposeOfLines() =>
        _acts.Any(a => a.Purpose == Purpose.Negotiate) ? Purpose.Negotiate
            : context.Basket.Lines.Count > 0 ? Purpose.Modify : Purpose.Order;

    private TurnReading Make(Purpose purpose, IReadOnlyList<ReadLine> lines, bool clear = false) =>
        new(purpose, language, lines, clear, purpose is Purpose.PriceQuery or Purpose.StockQuery ? _asked : [],
            [.. _reasons,
                .. lines.Select(l => l.Why)])
        {
            Media = context.Request.Messages.FirstOrDefault(m => !TextKinds.Contains(m.Kind))?.Kind ?? "",
            Signs = Signs(purpose, lines.Count > 0),
        };

    // Asking for a person counts beside anything else; a yes or a "cancel" must be the turn's last word.
    private HashSet<IntentKind> Signs(Purpose purpose, bool hasLines)
    {
        var signs = new HashSet<IntentKind>();
        if (purpose == Purpose.Confirm) signs.Add(IntentKind.Confirm);
        else if (!hasLines && _acts.Any(a => a.Purpose == Purpose.Cancel)) signs.Add(IntentKind.Cancel);
        if (_acts.Any(a => a.Purpose == Purpose.Stop)) signs.Add(IntentKind.Stop);
        if (_asksForPerson || _acts.Any(a => a.Purpose == Purpose.Handover)) signs.Add(IntentKind.Handover);
        return signs;
    }

    // An edit replaces what the message had put into the basket; it never adds to it.
    private List<ReadLine> Withdrawn(List<ReadLine> lines)
    {
        foreach (var before in _withdrawn)
        {
            var product = before.Product!;
            var inBasket = context.Line(product.Sku)!;
            var had = (product.BaseUnitsIn(before.Unit!) ?? 1) * before.Quantity!.Value;
            var rest = Math.Max(0, inBasket.BaseQuantity / 1000m - had);
            var now = lines.FindIndex(l => l.Product == product && !l.IsOpen);
            // "2 oil", edited to "no oil": the edit says it all.
            if (now >= 0 && lines[now].Op == LineOp.Remove) continue;
            if (now >= 0)
            {
                var line = lines[now];
                var units = (product.BaseUnitsIn(line.Unit!) ?? 1) * line.Quantity!.Value + rest;
                lines[now] = rest == 0
                    ? line with { Op = LineOp.Set }
                    : line with { Op = LineOp.Set, Quantity = units, Unit = product.Unit };
            }
            else if (rest == 0)
                lines.Insert(0, before with { Op = LineOp.Remove, Why = "the message that had ordered it is gone" });
            else lines.Insert(0,
                before with { Op = LineOp.Set, Quantity = rest, Unit = product.Unit,
                    Why = "the message that had ordered a part of it is gone" });
        }

        return lines;
    }

    // "Same as last time": the last order, with what the customer changes in the same breath.
    private TurnReading Reorder()
    {
        var changes = _lines.Changes();
        var lines = new List<ReadLine>();
        foreach (var line in context.Request.LastOrder)
        {
            if (context.Find(line.Sku) is not { } product) continue;
            var factor = _doubleAll ? _factorAll : 1;
            lines.Add(
                new ReadLine(LineOp.Add, product, line.Quantity * factor, line.Unit, line.Words,
                    _acts.Count > 0 ? context.Request.Messages[^1].Id
                : "", [], null, $"{product.Sku} was in the last order"));
        }

        foreach (var (op, factor, line) in changes) Apply(op, factor, line, lines);
        return Make(Purpose.Reorder, lines, clear: context.Basket.Lines.Count > 0);
    }

    // "3 trays fewer of the eggs": what is left of the line; null where that is nothing, or all of it goes.
    private static ReadLine? Rest(ReadLine change, ReadLine line)
    {
        if (change is not { Quantity: { } less, Product: { } product } || line.Quantity is not { } had
            || Units.Of(product, less, change.Unit) is not { } units
            || product.BaseUnitsIn(units.Unit) is not { } size || product.BaseUnitsIn(line.Unit!) is not { } each)
            return null;
        var rest = ((had * each) - (units.Quantity * size)) / each;
        return rest > 0 ? line with { Quantity = rest, Why = $"{line.Why}; {less:0.###} fewer" } : null;
    }

    private static void Apply(LineOp op, decimal factor, ReadLine change, List<ReadLine> lines)
    {
        var at = change.Product is null ? -1 : lines.FindIndex(l => l.Product?.Sku == change.Product.Sku);
        if (op == LineOp.Remove)
        {
            if (at >= 0 && Rest(change, lines[at]) is { } rest) lines[at] = rest;
            else if (at >= 0) lines.RemoveAt(at);
        }
        else if (op == LineOp.Multiply)
        {
            if (at >= 0)
                lines[at] = lines[at] with { Quantity = lines[at].Quantity * factor,
                    Why = $"{lines[at].Why}; times {factor}" };
        }
        else if (change.IsOpen || at < 0) lines.Add(change with { Op = LineOp.Add });
        else if (op == LineOp.Add && lines[at].Unit == change.Unit)
            lines[at] = lines[at] with { Quantity = lines[at].Quantity + change.Quantity,
            Why = $"{lines[at].Why}; and more" };
        else if (op == LineOp.Add) lines.Add(change with { Op = LineOp.Add });
        else lines[at] = change with { Op = LineOp.Add };
    }
}
