using Sak.Sync.Reading.Words;
using Sak.Tools;

namespace Sak.Tests.Sync.Reading;

/// <summary>The tables of sync/Reading/Words/Languages.</summary>
public sealed class LanguageTableTests
{
    [Theory]
    [InlineData("pirce_hint\t-\thow much", "\"pirce_hint\" is no kind of phrase; write one of number,", "price_hint,")]
    [InlineData("order\thard\tsend", "\"hard\" is no nuance of order; write one of -, strong,", "promise.")]
    [InlineData("order\t3\tsend", "\"3\" is no nuance of order", "promise.")]
    [InlineData("measure\tstone\tstones", "\"stone\" is no value of measure.", "")]
    [InlineData("number\tfive\tfive", "\"five\" is no value of number.", "")]
    [InlineData("unit\t-\tboxes", "\"-\" is no value of unit.", "")]
    [InlineData("order\tsend", "2 columns; write three with tabs between them: kind, value, words.", "")]
    public void A_wrong_word_in_a_table_is_refused_with_the_line_and_what_may_stand_there(string line, string fault,
        string choices)
    {
        var table = new StringReader($"# a comment\norder\t-\tneed\n\n{line}\n");

        var refused = Assert.Throws<InvalidDataException>(() => new Lexicon().Add("en", table));

        Assert.StartsWith($"Languages/en.tsv, line 4: {fault}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(choices, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tables_use_every_kind_and_every_nuance()
    {
        var senses = Tables().ToList();

        Assert.Equal(Enum.GetValues<PhraseKind>(), senses.Select(s => s.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<Nuance>(), senses.Select(s => s.Nuance).Distinct().Order());
    }

    private static IEnumerable<Sense> Tables()
    {
        var folder = Path.Combine(House.Root, "sync", "Reading", "Words", "Languages");
        foreach (var line in Directory.GetFiles(folder, "*.tsv").SelectMany(File.ReadLines))
            if (line.Length > 0 && line[0] != '#' && line.Split('\t') is [var kind, var value, _])
                yield return SenseColumns.Read(kind, value, "en").Sense!;
    }
}
