using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>
/// A rule that old code breaks in places that are listed in Frozen.txt, one heading a rule, one place a line with how
/// often. The list may only shrink: a place that is new or worse fails, and so does one that was mended and is still
/// listed. Renewing the file writes lower counts only; a heading that is missing is written whole.
/// </summary>
internal static class Ratchet
{
    public const string Renew = "SAK_WRITE_FROZEN";
    private const string HowToRenew =
        $"{Renew}=1 dotnet test tests/Sak.Tests.csproj --filter FullyQualifiedName~Sak.Tests.Tidy";
    private static readonly string Kept = Path.Combine(House.Root, "tests", "Tidy", "Frozen.txt");
    private static readonly Lock Turn = new();

    /// <param name="found">One item for each breach: the place.</param>
    /// <param name="instead">What to do about a new breach.</param>
    public static void Hold(string rule, IEnumerable<string> found, string instead)
    {
        var today = Counts(found);
        lock (Turn)
        {
            var frozen = Read(File.Exists(Kept) ? File.ReadAllText(Kept) : "");
            if (Environment.GetEnvironmentVariable(Renew) == "1")
            {
                frozen[rule] = Renewed(frozen.GetValueOrDefault(rule), today);
                File.WriteAllText(Kept, Text(frozen));
            }

            var faults = Faults(frozen.GetValueOrDefault(rule) ?? [], today, instead);
            Assert.True(faults.Count == 0, $"{rule}\n{string.Join('\n', faults)}");
        }
    }

    public static Dictionary<string, int> Counts(IEnumerable<string> found) =>
        found.GroupBy(place => place).ToDictionary(g => g.Key, g => g.Count());

    public static List<string> Faults(Dictionary<string, int> frozen, Dictionary<string, int> today, string instead)
    {
        var worse = today.Where(t => t.Value > frozen.GetValueOrDefault(t.Key)).OrderBy(t => t.Key)
            .Select(t => $"  + {t.Key}: {t.Value}, frozen are {frozen.GetValueOrDefault(t.Key)}. {instead}");
        var better = frozen.Where(f => f.Value > today.GetValueOrDefault(f.Key)).OrderBy(f => f.Key)
            .Select(f => $"  - {f.Key}: {today.GetValueOrDefault(f.Key)}, frozen are {f.Value}. "
                + (today.ContainsKey(f.Key) ? "Lower it in" : "Remove it from") + $" the list: {HowToRenew}");
        return [.. worse, .. better];
    }

    /// <summary>What is written at a renewal; null stands for a rule that has no list yet.</summary>
    public static Dictionary<string, int> Renewed(Dictionary<string, int>? frozen, Dictionary<string, int> today) =>
        frozen is null
            ? today
            : frozen.Where(f => today.ContainsKey(f.Key))
                .ToDictionary(f => f.Key, f => Math.Min(f.Value, today[f.Key]));

    public static SortedDictionary<string, Dictionary<string, int>> Read(string text)
    {
        var rules = new SortedDictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        var rule = "";
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Where(l => l.Length > 0))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal)) rules[rule = line[2..]] = [];
            else rules[rule][line[(line.IndexOf(' ') + 1)..]] = int.Parse(line[..line.IndexOf(' ')]);
        }

        return rules;
    }

    public static string Text(SortedDictionary<string, Dictionary<string, int>> rules) => string.Join('\n',
        rules.Select(r => $"# {r.Key}\n" + string.Concat(
            r.Value.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Value} {p.Key}\n"))));
}
