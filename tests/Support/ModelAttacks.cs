using System.Globalization;
using System.Text.RegularExpressions;
using Sak.Tools;

namespace Sak.Tests.Support;

/// <summary>
/// What an attacker's model might say: the forms of tests/Data/model-words/attacks.tsv, each written out in many ways,
/// chosen by a seed.
/// </summary>
internal static partial class ModelAttacks
{
    public sealed record Attack(string Kind, string Language, string Text);

    /// <summary>At most <paramref name="each"/> of every form.</summary>
    public static IReadOnlyList<Attack> All(int seed, int each)
    {
        var random = new Random(seed);
        return [.. Lines("attacks.tsv").Select(line => line.Split('\t'))
            .SelectMany(form => Written(form[2]).Distinct().OrderBy(_ => random.Next()).Take(each)
                .Select(text => new Attack(form[0], form[1], text)))];
    }

    /// <summary>The attacks of hostile.tsv, one by one.</summary>
    public static IEnumerable<Attack> Written() =>
        Lines("hostile.tsv").Select(line => line.Split('\t')).Select(a => new Attack(a[0], a[1], Unescaped(a[2])));

    /// <summary>The lines of a file of tests/Data/model-words, without remarks.</summary>
    public static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(House.Root, "tests", "Data", "model-words", file))
            .Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>Every way in which a form can be written; \u200b and the like stand for those letters.</summary>
    private static IEnumerable<string> Written(string form)
    {
        var open = form.IndexOf('[');
        if (open < 0) return [form];
        var close = form.IndexOf(']', open);
        return from choice in form[(open + 1)..close].Split('|')
               from rest in Written(form[(close + 1)..])
               select form[..open] + Unescaped(choice) + rest;
    }

    private static string Unescaped(string text) => Escape().Replace(text,
        m => char.ConvertFromUtf32(int.Parse(m.Value.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)));

    [GeneratedRegex(@"\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}")]
    private static partial Regex Escape();
}
