using Sak.Sync.Model;
using Sak.Sync.Reading.Lines.Passes;
using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>
/// Makes lines of the stretches of a turn's messages, in the order written: each stretch takes from its neighbours what
/// it left out and becomes a line, the lines are rewritten, and each takes its place among the turn's. Every pass over
/// stretches and lines is in <see cref="LinePasses"/>.
/// </summary>
internal sealed class LineReader(Context context)
{
    private readonly LineMaker _maker = new(context);
    private readonly Placement _turn = new(context);

    /// <summary>Reads one message after another; lines of the earlier ones are at hand for the later ones.</summary>
    public void Read(MessageText text, IReadOnlyList<Stretch> stretches, Decision decision, int message)
    {
        var muted = stretches.Where(d => decision.Mutes(d.Clause)).ToList();
        var around = new Surroundings(context, text, new Cutter(text, context.Vocabulary), muted);
        var used = LinePasses.Run(LinePasses.OfStretches, around,
            [.. stretches.Where(d => !decision.Mutes(d.Clause))], context.Steps);
        if (decision.Purpose is Purpose.StockQuery or Purpose.PriceQuery or Purpose.Order) Discuss(muted);
        var lines = LinePasses.Run(LinePasses.OfMessage, context, Make(text, used, decision, message),
            context.Steps);
        foreach (var line in lines) _turn.Place(line, decision);
        if (text.Has(PhraseKind.ClearBasket) && lines.Count > 0) _turn.ClearOthers(lines[0]);
    }

    /// <summary>All lines of the turn.</summary>
    public List<ReadLine> Finish(bool ordering, bool reordering)
    {
        var lines = LinePasses.Run(LinePasses.OfTurn, context, _turn.Lines, context.Steps);
        // One clear line makes it an order; what else is named in it is asked.
        var finisher = new LineFinisher(context, reordering,
            ordering || lines.Any(e => e is { Product: not null, Quantity: not null })
                || OrdersOnes(lines));
        return [.. lines.SelectMany(finisher.Finish)];
    }

    // "nuggets with fries, no salt": where no number is one, names with a remark order, and a list of names.
    private bool OrdersOnes(IReadOnlyList<LineEntry> lines) =>
        context.Request.QuantityMissing == QuantityMissing.One
        && (lines.Any(e => e is { Product: not null, Stretch.HasRemark: true })
            || (lines.Count > 1 && lines.All(e => e is { Product: not null, Stretch.Meaning.Unexplained: 0 })));

    /// <summary>The lines as changes of the last order, which is ordered again.</summary>
    public IReadOnlyList<(LineOp Op, decimal Factor, ReadLine Line)> Changes()
    {
        var finisher = new LineFinisher(context, reordering: true, ordering: true);
        return [.. LinePasses.Run(LinePasses.OfTurn, context, _turn.Lines, context.Steps)
            .SelectMany(e => finisher.Finish(e).Select(l => (e.Op, e.Factor, l)))];
    }

    // What is asked about, or only talked of, is what "both" and "the 1 litre ones" mean afterwards.
    private void Discuss(IEnumerable<Stretch> muted)
    {
        foreach (var stretch in muted)
            if ((stretch.Product ?? LineMaker.SurelyNamed(stretch, context.Vocabulary)) is { } product
                && !context.Discussed.Contains(product)) context.Discussed.Add(product);
    }

    private List<LineEntry> Make(MessageText text, IReadOnlyList<Stretch> stretches, Decision decision, int message)
    {
        var lines = new List<LineEntry>();
        foreach (var stretch in stretches.Where(s => !s.Fallback && !ClearsBasket(text, s)))
        {
            if (OneMore(text, stretch, lines) is { } line) lines[lines.FindLastIndex(e => e.Stretch.HasName)] = line;
            else if (_maker.Make(stretch, decision, stretches, message, _turn.Lines.Count > 0) is { } made)
                lines.Add(made);
        }

        if (context.Steps is { } steps) steps.Add($"lines: {string.Join(", ", lines)}");
        return lines;
    }

    // "... and another of the same for my niece": one more of the line before. Null where the stretch says more than
    // that.
    private static LineEntry? OneMore(MessageText text, Stretch stretch, List<LineEntry> before)
    {
        if (before.LastOrDefault(e => e.Stretch.HasName) is not { Quantity: { } quantity } line
            || stretch.Meaning.IsClear
            || !text.Of(PhraseKind.OneMore).Any(c => stretch.Tokens.Contains(text.Tokens[c.Start]))) return null;
        return line with { Quantity = quantity + 1, Why = $"{line.Why}; one more of it: \"{stretch.Words}\"" };
    }

    // The words that empty the basket name nothing.
    private static bool ClearsBasket(MessageText text, Stretch stretch) => stretch.Quantity is null
        && text.Of(PhraseKind.ClearBasket).Any(c => stretch.Tokens.Contains(text.Tokens[c.Start]));
}
