using System.Text.Json;

namespace Sak.Tools.Bench.Agent;

/// <summary>
/// One JSON line for each figure: median and 99th percentile in milliseconds, beside the floor of the same run.
/// </summary>
internal static class Figure
{
    private static readonly JsonSerializerOptions Json = new()
        { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Line(object figures) => Console.WriteLine(JsonSerializer.Serialize(figures, Json));

    public static void Print(string workload, List<double> measured, List<double>? floor, string floorIs)
    {
        var (median, p99) = (At(measured, 0.5), At(measured, 0.99));
        if (floor is null) Line(new { workload, n = measured.Count, ms = median, p99_ms = p99 });
        else
            Line(new
            {
                workload, n = measured.Count, ms = median, p99_ms = p99, floor_ms = At(floor, 0.5),
                floor_p99_ms = At(floor, 0.99),
                ratio = Math.Round(median / At(floor, 0.5), 2), p99_ratio = Math.Round(p99 / At(floor, 0.99), 2),
                floor_is = floorIs,
            });
    }

    public static double At(List<double> values, double part)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))], 3);
    }
}
