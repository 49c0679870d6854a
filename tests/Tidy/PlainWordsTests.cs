using System.Text.RegularExpressions;

namespace Sak.Tests.Tidy;

/// <summary>
/// Comments and pages are plain technical English. Only constructions that are never meant otherwise are looked for;
/// the rest is for the reader of a change.
/// </summary>
public sealed class PlainWordsTests
{
    // A construction, and what to write instead.
    private static readonly (Regex Phrase, string Instead)[] Phrases =
    [
        Ban(@"\bso (long|often) (a|an|the|it|he|nobody|nothing|no|one|this)\b", "as long as, as often as"),
        Ban(@"\bof (which|these|those|them|what [a-z ]{1,40}) only\b", "only … of these"),
        Ban(@"(^|[.:;] )Of (a|an|the|what|whatever) [a-z][^.,;:]{0,70} (only|nothing|is) ", "begin with the subject"),
        Ban(@"\bhostile reading\b", "review"),
        Ban(@"\bsuperfluous\b", "redundant, not needed"),
        Ban(@"\b(stands?|stood) (here|there|beside|in (it|its|the|this|that|both|one|sync|agent|server))\b", "is"),
        Ban(@"\b(tells?|told|telling) (of|it|them|whole)\b", "send, report, insert"),
        Ban(@"\b(leave|leaves|left|leaving) away\b", "leave out, omit"),
        Ban(@"(^|[.:;] )Who(ever)? (tells|asks|names|needs|wants|gives|takes|has|is|may) ", "name who it is"),
        Ban(@"(^|[.:;] )What is (no|not|too|there|here|known|left)\b", "begin with the noun"),
        Ban(@"\bfor want of\b", "because … is missing"),
        Ban(@"\banew\b", "again"),
        Ban(@"\bas it (stands|lies)\b", "as it is, unchanged"),
        Ban(@"\bby (his|her|their) (own )?(hand|word)\b", "by the owner"),
    ];

    [Fact]
    public void Comments_and_pages_are_in_plain_words() =>
        Ratchet.Hold("Phrases of a private language", SourceFile.All.Select(f => (f.Path, Text: f.Comments))
                .Concat(Pages.All.Select(p => (Path: p, Text: SourceFile.Read(p))))
                .Where(f => !f.Path.EndsWith("PlainWordsTests.cs", StringComparison.Ordinal))
                .SelectMany(f => Found(f.Text).Select(_ => f.Path)),
            "Phrases and replacements are in tests/Tidy/PlainWordsTests.cs.");

    [Theory]
    [InlineData("/// So long a customer\n    /// waits", "So long a")]
    [InlineData("// Of a line that was found sound only that is kept.", "Of a line that was found sound only")]
    [InlineData("// Who tells of a row as new", "Who tells")]
    [InlineData("// for want\n    // of its order", "for want of")]
    [InlineData("// The rule stands in the table.", "stands in the")]
    public void A_planted_phrase_is_found_across_lines(string comment, string phrase) =>
        Assert.Contains(Found(comment), found => found.Contains(phrase));

    [Fact]
    public void Good_English_is_left_alone() =>
        Assert.Empty(Found("// It took so long that it ended. Who owns the row? What is sent twice is ignored."));

    private static IEnumerable<string> Found(string text)
    {
        var line = Regex.Replace(Regex.Replace(text, @"(?m)^\s*(///?|\*)|</?\w+>", " "), @"\s+", " ");
        return Phrases.SelectMany(p => p.Phrase.Matches(line.Trim()).Select(m => $"{m.Value} ({p.Instead})"));
    }

    private static (Regex Phrase, string Instead) Ban(string phrase, string instead) =>
        (new Regex(phrase.StartsWith("(^", StringComparison.Ordinal) ? phrase : "(?i)" + phrase), instead);
}
