using System.Text;
using QRCoder;

namespace Sak.Agent.Dashboard;

/// <summary>The login code as a QR code of characters; each character shows two modules, one above the other.</summary>
public sealed class LoginCodePicture
{
    // The library's margin. Phones need two modules around the code; four is the standard.
    private const int Margin = 4;
    private readonly QRCodeData _code;

    public LoginCodePicture(string code)
    {
        // The lowest error correction gives the smallest code: a screen has no scratches.
        _code = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.L);
    }

    /// <summary>Modules along one side, without margin.</summary>
    public int Side => _code.ModuleMatrix.Count - (2 * Margin);

    /// <summary>Columns and rows of characters, with a margin of this many modules.</summary>
    public (int Columns, int Rows) Size(int margin) => (Side + (2 * margin), (Side + (2 * margin) + 1) / 2);

    /// <summary>True for a dark module; the margin and everything outside is light.</summary>
    public bool IsDark(int x, int y) =>
        x >= 0 && y >= 0 && x < Side && y < Side && _code.ModuleMatrix[y + Margin][x + Margin];

    /// <summary>For plain output, light on a dark terminal.</summary>
    public IEnumerable<string> Lines(int margin = 2)
    {
        for (var y = -margin; y < Side + margin; y += 2)
        {
            var line = new StringBuilder();
            for (var x = -margin; x < Side + margin; x++)
                line.Append(
                    (IsDark(x, y), IsDark(x, y + 1)) switch { (false, false) => '█', (false, true) => '▀',
                        (true, false) => '▄', _ => ' ' });
            yield return line.ToString();
        }
    }
}
