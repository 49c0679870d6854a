namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>
/// "6 earbuds - 4 black 2 white": where parts of one kind add up to what stands before them, that is no line.
/// </summary>
internal static class DropTotal
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        var after = lines.ToList();
        for (var i = 0; i + 2 < after.Count; i++)
        {
            var sum = after[i];
            if (sum.NoName && i > 0) continue;
            var end = EndOfParts(after, i);
            if (end < i + 3) continue;
            for (var part = i + 1; part < end; part++)
                after[part] = after[part] with { Unit = after[part].Unit ?? sum.Unit };
            after.RemoveAt(i);
        }

        return after;
    }

    // Where the parts end that add up to the total; before the first part when they do not.
    private static int EndOfParts(List<LineEntry> lines, int at)
    {
        if (lines[at] is not { Product: null, Unknown: false, Quantity: { } rest, Op: LineOp.Plain or LineOp.Add } sum)
            return at;
        var end = at + 1;
        for (; end < lines.Count && rest > 0 && IsPart(sum, lines[end]); end++) rest -= lines[end].Quantity!.Value;
        return rest == 0 ? end : at;
    }

    private static bool IsPart(LineEntry sum, LineEntry line) =>
        line is { Product: { } part, Quantity: not null } && (sum.Unit ?? line.Unit) == (line.Unit ?? sum.Unit)
        && (sum.NoName || sum.Stretch.Meaning.Matches.Any(m => m.Product == part && m.Explained > 0));
}
