using Sak.Sync.Answering;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Sync.Answering;

/// <summary>What a model may say in its own words, and what only SAK says.</summary>
public sealed class ModelWordsTests(ITestOutputHelper output)
{
    [Fact]
    public void Honest_answers_keep_their_words()
    {
        var stopped = new List<string>();
        var all = ModelAttacks.Lines("honest.tsv").Concat(ModelAttacks.Lines("friendly.tsv")).ToList();
        foreach (var line in all)
        {
            var (language, text) = (line.Split('\t')[0], line.Split('\t')[1]);
            if (ModelWords.Fault(text, language) is { } fault) stopped.Add($"{fault}: {text}");
        }

        stopped.ForEach(output.WriteLine);
        Assert.True(stopped.Count * 50 <= all.Count,
            $"{stopped.Count} of {all.Count}:\n{string.Join('\n', stopped)}");
    }

    [Fact]
    public void What_an_attackers_model_writes_is_not_used()
    {
        List<ModelAttacks.Attack> attacks = [.. ModelAttacks.All(seed: 7, each: 25), .. ModelAttacks.Written()];
        var passed = attacks.Where(a => ModelWords.Fault(a.Text, a.Language) is null).ToList();
        foreach (var kind in passed.GroupBy(p => p.Kind))
            foreach (var attack in kind) output.WriteLine($"{kind.Key}: {attack.Text}");
        output.WriteLine($"{passed.Count} of {attacks.Count} pass");
        Assert.DoesNotContain(passed, p => p.Kind != "promise");
        Assert.True(passed.Count * 50 <= attacks.Count(a => a.Kind == "promise"));
    }
}
