using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>"fuse 10 - 3 box / fuse 15 - 1": one line of a kind without the unit that all the others have is a
/// doubt.</summary>
internal static class AskForUnit
{
    public static IReadOnlyList<LineEntry> Apply(Context context, IReadOnlyList<LineEntry> lines) =>
        [.. lines.Select(l => LacksUnit(l, lines) ? l with { AsksForUnit = true } : l)];

    private static bool LacksUnit(LineEntry line, IReadOnlyList<LineEntry> lines)
    {
        if (line is not { Product: { } product, Unit: null, Quantity: not null, Elliptic: false,
            Op: LineOp.Plain or LineOp.Add } || product.Packs.Count == 0 || SaysDozen(line)) return false;
        var kin = lines.Where(
            l => l != line && l.Product is { } other && other != product && l.Message == line.Message
                && Kinds.Same(other, product)).ToList();
        return kin.Count > 0 && kin.All(l => Units.IsBigger(l.Product!, l.Unit));
    }

    // "media docena": the number's own words hold the unit.
    private static bool SaysDozen(LineEntry line) =>
        line.Stretch is { Number: { Spelled: true } number, Text: var text }
        && Lexer.Read(text.Written[number.Start..number.End])
            .Any(t => Lexicon.Shared.SenseOf(t.Text, PhraseKind.Unit) is not null);
}
