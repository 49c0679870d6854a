using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Where a message's line goes among the lines of the turn: it answers a question, completes the line before, or is a
/// line of its own.
/// </summary>
internal sealed class Placement(Context context)
{
    private readonly List<LineEntry> _lines = [];
    private readonly Answers _answers = new(context);

    public IReadOnlyList<LineEntry> Lines => _lines;

    public void Place(LineEntry line, Decision decision)
    {
        var ofQuoted = line.NoName && context.Quoted is not null;
        var rule = !ofQuoted && _answers.Take(line, _lines) ? "answers a question"
            : line.NoName ? PlaceNameless(line, decision)
            : PlaceNamed(line);
        if (context.Steps is { } steps) steps.Add($"place {line}: {rule}");
    }

    /// <summary>
    /// "Clear all that, only 2 boxes of batteries": what was in the basket and is not ordered again goes.
    /// </summary>
    public void ClearOthers(LineEntry like)
    {
        if (!_lines.Any(l => l.Quantity is not null)) return;
        _lines.AddRange(context.InBasket.Where(p => _lines.All(l => l.Product != p)).ToList().Select(product =>
            new LineEntry(like.Stretch, like.Message)
            {
                Op = LineOp.Remove, Words = like.Words, Product = product, Candidates = [product],
                Why = $"{product.Sku}: everything else goes",
            }));
    }

    private string PlaceNamed(LineEntry line)
    {
        var rule = "is a line of its own";
        // "hey / 3 cartons / car shampoo": the quantity came before the name.
        if (line is { Quantity: null, Op: LineOp.Plain }
            && _lines.LastOrDefault() is { NoName: true, Quantity: not null } waiting
            && (waiting.Message != line.Message || SaysOnlyHowMany(waiting)))
        {
            var words = waiting.Message == line.Message ? line.Words : $"{waiting.Words} {line.Words}";
            line = line with { Quantity = waiting.Quantity, Unit = waiting.Unit, Words = words };
            _lines.Remove(waiting);
            rule = "takes the quantity that came before its name";
        }

        _lines.Add(line);
        if (line.Product is { } product && !context.Discussed.Contains(product)) context.Discussed.Add(product);
        return rule;
    }

    private static bool SaysOnlyHowMany(LineEntry line) => line.Stretch.Tokens.All(
        t => t.IsNumber || t.Unit is not null || t.Phrases.Count > 0 || t.Is(PhraseKind.Of));

    // Says which rule it was that placed the line; the first that fits does.
    private string PlaceNameless(LineEntry line, Decision decision)
    {
        var last = _lines.LastOrDefault(l => !l.NoName);
        return PlaceBoth(line, last) ?? CompleteLast(line, last) ?? PlaceDoubled(line, last)
            ?? MendUnit(line, last) ?? LeaveBare(line, last) ?? PlaceOnTarget(line, last)
            ?? PlaceOpen(line, decision);
    }

    private string? PlaceBoth(LineEntry line, LineEntry? last)
    {
        if (!line.Stretch.Both || context.Discussed.Count < 2 || line.Quantity is null) return null;
        // "white instead of black, both pieces": as many as there were.
        if (_lines.Any(l => l.Op == LineOp.Remove && l.Message == line.Message)
            && last is { Op: LineOp.Set, Quantity: not null }) return "says that all of the swapped ones are meant";
        foreach (var product in context.Discussed.TakeLast(2))
            _lines.Add(Of(line, product, "both that were talked about"));
        return "is both that were talked about";
    }

    private string? CompleteLast(LineEntry line, LineEntry? last)
    {
        if (last is { Quantity: null, Op: LineOp.Plain or LineOp.Add or LineOp.Set }
            && line is { Op: LineOp.Plain or LineOp.Set, Quantity: not null })
        {
            Replace(last, last with { Quantity = line.Quantity, Unit = line.Unit,
                Why = $"{last.Why}; quantity from \"{line.Words}\"" });
            return "is the quantity of the line before";
        }

        // "face mask 4" / "box": the unit comes after.
        if (last is not { Quantity: not null, Unit: null, Op: LineOp.Plain or LineOp.Add }
            || last.Message == line.Message || line is not { Unit: not null, Stretch: { Number: null,
                Tokens.Count: 1 } })
            return null;
        Replace(last, last with { Unit = line.Unit });
        return "is the unit of the line before";
    }

    private string? PlaceDoubled(LineEntry line, LineEntry? last)
    {
        if (line.Op != LineOp.Multiply || last is not null) return null;
        if (context.Basket.Lines.Count == 0) return "doubles nothing: the basket is empty";
        // "make everything double"
        if (!line.Stretch.All) return null;
        foreach (var product in context.InBasket) _lines.Add(Of(line, product, "everything in the basket"));
        return "doubles everything in the basket";
    }

    // "6 boxes, I mean tins": only the unit was wrong.
    private string? MendUnit(LineEntry line, LineEntry? last)
    {
        if (last is not { Quantity: not null, Product: not null } || last.Message != line.Message
            || line is not { Op: LineOp.Set, Unit: not null, Stretch: { Number: null, Both: false, All: false } })
            return null;
        Replace(last, last with { Unit = line.Unit });
        return "mends the unit of the line before";
    }

    // A unit in passing ("my box number") says nothing; a bare quantity after a complete line changes it only where
    // something says so.
    private string? LeaveBare(LineEntry line, LineEntry? last)
    {
        if (line is { Op: LineOp.Plain, Stretch: { Number: null, Both: false } }) return "is a unit in passing";
        var plain = line.Op == LineOp.Plain && !line.Stretch.Text.Tokens.Any(t => t.Negated);
        if (!plain || last is not { Product: not null, Quantity: not null } || last.Message != line.Message)
            return null;
        if (line.Stretch.Tokens.Count > 4) return "is a number in passing";
        _lines.Add(line);
        return "is a quantity without a name";
    }

    private string? PlaceOnTarget(LineEntry line, LineEntry? last)
    {
        if (Target(line, last) is not { } target) return null;
        if (last is null || last.Product != target || line.Op is not (LineOp.Plain or LineOp.Set))
        {
            _lines.Add(Of(line, target, "what was talked about"));
            return "speaks of what was talked about";
        }

        Replace(last, last with { Quantity = line.Quantity ?? last.Quantity, Unit = line.Unit ?? last.Unit });
        return "changes the line before";
    }

    private string PlaceOpen(LineEntry line, Decision decision)
    {
        line = line with { Candidates = [.. context.InBasket.Take(5)] };
        var counts = line.Quantity is not null && (decision.Orders || line.Unit is not null
            || context.Basket.Lines.Count > 0 || line.Stretch.Tokens.Count <= 3);
        if (!counts && !(line.Op == LineOp.Remove && line.Candidates.Count > 0)) return "says nothing about a product";
        _lines.Add(line);
        return "is asked: which product";
    }

    // Which line "make it 3", "7 not 4", "4 more of the same" speaks of.
    private Product? Target(LineEntry line, LineEntry? last)
    {
        if (context.Quoted is { } quoted) return quoted;
        var wrong = line.Stretch.Tokens.Concat(line.Stretch.Text.Tokens).FirstOrDefault(t => t.Negated)?.Value;
        if (wrong is not null && context.Basket.Lines.Where(l => l.Quantity == wrong || l.BaseQuantity == wrong * 1000)
            .ToList() is [var only]) return context.Find(only.Sku);
        var changes = line.Op != LineOp.Plain || wrong is not null;
        if (last?.Product is not null && changes) return last.Product;
        if (context.InBasket.Count == 1 && (changes || context.Discussed.Count == 0)) return context.InBasket[0];
        if (context.InBasket.Count > 1 && line.Op != LineOp.Plain
            && !(context.Discussed is [var one] && context.InBasket.Contains(one))) return null;
        return context.Discussed.Count == 1 ? context.Discussed[0] : null;
    }

    private void Replace(LineEntry before, LineEntry after) => _lines[_lines.IndexOf(before)] = after;

    private static LineEntry Of(LineEntry from, Product product, string why) =>
        new(from.Stretch, from.Message)
        {
            Op = from.Op, Factor = from.Factor, Words = from.Words, Quantity = from.Quantity, Unit = from.Unit,
            Elliptic = true, Product = product, Candidates = [product],
            Why = $"\"{from.Words}\": {product.Sku}, {why}",
        };
}
