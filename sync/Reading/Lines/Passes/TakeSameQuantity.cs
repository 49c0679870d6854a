using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"boneless 2 kg and the same again of thigh": as many as in the line before.</summary>
internal static class TakeSameQuantity
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines)
    {
        var after = lines.ToList();
        for (var i = 1; i < after.Count; i++)
            if (after[i] is { Quantity: null, NoName: false } line && after[i - 1] is { Quantity: not null } before
                && SaysAsMany(line))
                after[i] = line with { Quantity = before.Quantity, Unit = before.Unit };
        return after;
    }

    private static bool SaysAsMany(LineEntry line)
    {
        var text = line.Stretch.Text;
        return text.Of(PhraseKind.AsMany).Any(c => line.Stretch.Tokens.Contains(text.Tokens[c.End - 1]));
    }
}
