using System.Globalization;
using System.Security;
using System.Text;
using Sak.Agent.Dashboard;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;
using Spectre.Console;

namespace Sak.Tools.DashboardPicture;

/// <summary>
/// Draws the owner's dashboard as an SVG file for the README, from the real view and its cells instead of a screenshot.
/// </summary>
public static class DashboardSvg
{
    private const int Columns = 116;
    private const int Rows = 20;
    private const double CellWidth = 8.4;
    private const double CellHeight = 18;
    private const double Edge = 14;
    private const double Bar = 30;
    private const string Fonts = "ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace";
    private const string Ground = "#161b22";
    private const string Ink = "#d0d7de";

    // The sixteen theme colours of a common dark terminal.
    private static readonly string[] Theme =
    [
        "#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
        "#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#f0f6fc",
    ];

    private static readonly Dictionary<Color, string> ThemeColours = Enumerable.Range(0, 16)
        .ToDictionary(i => Color.FromInt32(i), i => Theme[i]);

    public static async Task RunAsync(string outFile)
    {
        var view = new ViewState(TimeZoneInfo.Utc);
        var grid = CellGrid.Of(DashboardView.Draw(Afternoon(), view, Columns, Rows), Columns, Rows);
        await File.WriteAllTextAsync(outFile, Svg(grid));
    }

    private static string Svg(CellGrid grid)
    {
        var (width, height) = ((grid.Width * CellWidth) + (2 * Edge), (grid.Height * CellHeight) + Bar + Edge);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:0.##} {height:0.##}" """
                + $"""width="{width:0.##}" height="{height:0.##}" font-family="{Fonts}" font-size="14">""");
        svg.AppendLine("<title>SAK's dashboard in a terminal</title>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect width="100%" height="100%" rx="10" fill="{Ground}"/>""");
        foreach (var (x, colour) in new[] { (20, "#ff5f57"), (38, "#febc2e"), (56, "#28c840") })
            svg.Append(CultureInfo.InvariantCulture, $"""<circle cx="{x}" cy="15" r="5.5" fill="{colour}"/>""");
        svg.AppendLine();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="50%" y="20" text-anchor="middle" fill="#8b949e" font-size="13">sak-agent run</text>""");
        for (var y = 0; y < grid.Height; y++) AddRow(svg, grid, y);
        return svg.AppendLine("</svg>").ToString();
    }

    private static void AddRow(StringBuilder svg, CellGrid grid, int y)
    {
        for (var x = 0; x < grid.Width;)
        {
            var end = RunEnd(grid, x, y);
            AddRun(svg, grid, x, end, y);
            x = end;
        }
    }

    // A run ends where the style changes and around each stretch of blanks, so that every word starts exactly
    // in its cell.
    private static int RunEnd(CellGrid grid, int x, int y)
    {
        var end = x + 1;
        while (end < grid.Width && grid[end, y].Style.Equals(grid[x, y].Style)
            && !(IsBlank(grid, end - 1, y) && !IsBlank(grid, end, y)
                && grid[x, y].Style.Background == Color.Default))
            end++;
        return end;
    }

    private static bool IsBlank(CellGrid grid, int x, int y) =>
        x > 0 && grid[x, y].Text == " " && grid[x - 1, y].Text == " ";

    private static void AddRun(StringBuilder svg, CellGrid grid, int from, int to, int y)
    {
        var style = grid[from, y].Style;
        var (left, top, wide) = (Edge + (from * CellWidth), Bar + (y * CellHeight), (to - from) * CellWidth);
        if (style.Background != Color.Default)
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<rect x="{left:0.##}" y="{top:0.##}" width="{wide:0.##}" height="{CellHeight}" """
                    + $"""fill="{Hex(style.Background)}"/>""");
        var text = string.Concat(Enumerable.Range(from, to - from).Select(x => grid[x, y].Text));
        var blanks = text.Length - text.TrimStart().Length;
        text = text.Trim();
        if (text.Length == 0) return;
        var decoration = (style.Decoration.HasFlag(Decoration.Bold) ? " font-weight=\"bold\"" : "")
            + (style.Decoration.HasFlag(Decoration.Dim) ? " opacity=\"0.62\"" : "");
        // textLength keeps the columns in place with any font. It would break the joins of connected scripts, so
        // those go without.
        var length = text.All(c => c < '\u0300' || c is >= '\u2000' and < '\u2e00')
            ? string.Create(CultureInfo.InvariantCulture,
                $" textLength=\"{ScreenText.Cells(text) * CellWidth:0.##}\"")
            : "";
        var colour = style.Foreground == Color.Default ? Ink : Hex(style.Foreground);
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{left + (blanks * CellWidth):0.##}" y="{top + 13.5:0.##}" """
                + $"""fill="{colour}"{decoration}{length} xml:space="preserve">"""
                + $"{SecurityElement.Escape(text)}</text>");
    }

    private static string Hex(Color colour) =>
        ThemeColours.TryGetValue(colour, out var own) ? own : "#" + colour.ToHex();

    private static ShopStatus Afternoon()
    {
        var now = new DateTimeOffset(2026, 3, 4, 14, 5, 0, TimeSpan.Zero);
        return new ShopStatus(
            "Ravi Hardware & Paints", now, WhatsAppState.Ready, "", "",
            new CloudStatus(CloudState.Unreachable, "", now.AddMinutes(-12), 7, 0),
            new TodayCounts(48, 2, 31, 1, 9, "INR 41,250.00", 6),
            Orders(now), Chats(now), [new("OIL-1L", "Sunflower oil 1 l", "INR 145.00", "bottle", "ctn:12", "240")], [],
            [new(now.AddMinutes(-12), "The cloud does not answer.",
                "Orders are taken and kept here; check the internet if this lasts.")]);
    }

    private static OrderSummary[] Orders(DateTimeOffset now) =>
    [
        new("A-1009", now.AddMinutes(-3), "Asha Traders", "5 ctn wall plugs 8x40, 10 bag putty 5 kg", "INR 8,450.00",
            "confirmed", false),
        new("A-1008", now.AddMinutes(-6), "Bharat Kumar", "3 pcs paint brush 4 in, 1 can enamel white 4 l",
            "INR 2,310.00", "confirmed", false),
        new("A-1007", now.AddMinutes(-9), "Meena General Store", "2 ctn silicone clear 280 ml", "INR 5,760.00",
            "confirmed", false),
        new("A-1006", now.AddMinutes(-31), "रमेश पेंट्स", "20 bag putty 5 kg", "INR 5,200.00", "confirmed", true),
        new("A-1005", now.AddMinutes(-52), "Fatima Builders", "50 pcs wall plugs 8x80, 4 pcs hammer 500 g",
            "INR 2,980.00", "confirmed", true),
        new("A-1004", now.AddMinutes(-95), "Joseph D'Souza", "1 can primer 10 l", "INR 2,450.00", "cancelled", true),
        new("A-1003", now.AddMinutes(-130), "Asha Traders", "2 ctn masking tape 24 mm", "INR 3,600.00", "confirmed",
            true),
        new("A-1002", now.AddMinutes(-171), "Sunrise Interiors", "12 can emulsion white 10 l, 6 pcs roller 9 in",
            "INR 9,120.00", "delivered", true),
        new("A-1001", now.AddMinutes(-199), "Bharat Kumar", "6 pcs putty knife 4 in", "INR 1,380.00", "delivered",
            true),
    ];

    private static ChatRow[] Chats(DateTimeOffset now) =>
        [new("Meena", "919800000003", now.AddMinutes(-1), "and two of the big one", "", "which product", 2),
            new("Asha Traders", "919800000001", now
            .AddMinutes(-3), "yes", "Order A-1009 is confirmed.", "", 0)];
}
