using System.Text;
using Spectre.Console;

namespace Sak.Agent.Dashboard;

/// <summary>A style as the terminal's "select graphic rendition" sequence.</summary>
internal static class Sgr
{
    // The first 16 colours belong to the terminal's theme; the others are the 256-colour palette, which looks
    // the same everywhere.
    private static readonly Dictionary<(byte, byte, byte), int> Palette =
        Enumerable.Range(16, 240).Select(i => (Color: Color.FromInt32(i), i))
            .DistinctBy(p => (p.Color.R, p.Color.G, p.Color.B))
            .ToDictionary(p => (p.Color.R, p.Color.G, p.Color.B), p => p.i);

    private static readonly Dictionary<Color, int> Theme = Enumerable.Range(0, 16)
        .ToDictionary(i => Color.FromInt32(i), i => i);

    public static string Of(Style style)
    {
        var codes = new StringBuilder("\e[0");
        foreach (var (flag, code) in Decorations)
            if (style.Decoration.HasFlag(flag)) codes.Append(';').Append(code);
        Add(codes, style.Foreground, 30);
        Add(codes, style.Background, 40);
        return codes.Append('m').ToString();
    }

    private static readonly (Decoration, int)[] Decorations =
        [(Decoration.Bold, 1), (Decoration.Dim, 2), (Decoration.Italic, 3), (Decoration.Underline, 4),
            (Decoration.Invert, 7), (Decoration.Strikethrough, 9)];

    private static void Add(StringBuilder codes, Color color, int ground)
    {
        if (color == Color.Default) return;
        if (Theme.TryGetValue(color, out var own))
            codes.Append(';').Append(own < 8 ? ground + own : ground + 60 + own - 8);
        else if (Palette.TryGetValue((color.R, color.G, color.B), out var number))
            codes.Append(';').Append(ground + 8).Append(";5;").Append(number);
        else codes.Append(';').Append(ground + 8).Append(";2;").Append(color.R).Append(';').Append(color.G).Append(';')
            .Append(color.B);
    }
}
