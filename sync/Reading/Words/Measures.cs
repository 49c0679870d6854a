namespace Sak.Sync.Reading.Words;

/// <summary>
/// Units of mass, volume, length and the like, so that "500 ml" is "0.5 l" and never three of something.
/// </summary>
internal static class Measures
{
    private static readonly Dictionary<string, (string Dimension, decimal Size)> All = new()
    {
        ["g"] = ("mass", 1), ["kg"] = ("mass", 1000), ["mg"] = ("mass", 0.001m),
        ["ml"] = ("volume", 1), ["l"] = ("volume", 1000),
        ["mm"] = ("length", 1), ["cm"] = ("length", 10), ["m"] = ("length", 1000),
        ["in"] = ("inch", 1), ["ft"] = ("foot", 1), ["gsm"] = ("gsm", 1),
        ["mah"] = ("charge", 1), ["ah"] = ("charge", 1000), ["gb"] = ("memory", 1), ["tb"] = ("memory", 1024),
        ["hp"] = ("hp", 1), ["kva"] = ("kva", 1),
        ["mp"] = ("mp", 1), ["amp"] = ("amp", 1), ["watt"] = ("watt", 1), ["volt"] = ("volt", 1),
    };

    private static readonly Dictionary<string, string> Letters = new()
    {
        ["a"] = "amp", ["w"] = "watt", ["v"] = "volt", ["m"] = "m", ["l"] = "l", ["g"] = "g",
    };

    /// <summary>The measure that one letter right after a number means: "10A", "55 W".</summary>
    public static string? Letter(string letter) => Letters.GetValueOrDefault(letter);

    public static bool Knows(string measure) => All.ContainsKey(measure);

    public static bool Same(decimal a, string measureA, decimal b, string measureB) =>
        All.TryGetValue(measureA, out var x) && All.TryGetValue(measureB, out var y) && x.Dimension == y.Dimension
            && a * x.Size == b * y.Size;

    /// <summary>Mass and volume add up: "4 litres" may be four bottles of one. Inches do not.</summary>
    public static bool AddsUp(string measure) =>
        All.TryGetValue(measure, out var m) && m.Dimension is "mass" or "volume";

    /// <summary>
    /// How many <paramref name="unit"/> one <paramref name="measure"/> is, or null when they are of different kinds.
    /// </summary>
    public static decimal? In(string measure, string unit) =>
        All.TryGetValue(measure, out var from) && All.TryGetValue(unit, out var to) && from.Dimension == to.Dimension
            ? from.Size / to.Size
            : null;
}
