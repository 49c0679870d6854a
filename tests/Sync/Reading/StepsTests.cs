using Sak.Sync.Model;
using Sak.Sync.Reading;

namespace Sak.Tests.Sync.Reading;

/// <summary>Every step of a reading can be shown to a person, in each language.</summary>
public sealed class StepsTests
{
    [Theory]
    [InlineData("5 ctn oil n 2 sugar")]
    [InlineData("5 ctn tel aur 2 cheeni bhejo")]
    [InlineData("2 चीनी और 1 चीनी भेजो")]
    [InlineData("5 cajas de aceite y 2 de azucar por favor")]
    [InlineData("quero 2 açúcar por favor")]
    [InlineData("اريد 2 سكر و 3 شاي")]
    [InlineData("3ayez 2 sokar")]
    public async Task The_steps_name_tokens_stretches_purpose_and_lines_in_this_order(string text)
    {
        var steps = await OrderReader.StepsAsync(Grocer.Request(BasketState.Empty, text), Grocer.Search,
            TestContext.Current.CancellationToken);
        var kinds = steps.Select(s => s[..s.IndexOf(':')].Split(' ')[0].TrimEnd(',')).Distinct().ToList();
        Assert.Equal(["tokens", "stretch", "purpose"], kinds.Take(3));
        Assert.Contains("lines", kinds);
        Assert.StartsWith("purpose: order, ", steps.Single(s => s.StartsWith("purpose", StringComparison.Ordinal)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pass_that_changed_something_says_what()
    {
        var steps = await OrderReader.StepsAsync(
            Grocer.Request(BasketState.Empty, "6 oil... no, leave the oil, 2 tea"), Grocer.Search,
            TestContext.Current.CancellationToken);
        Assert.Contains(steps, s => s.StartsWith("pass \"taken back\": ", StringComparison.Ordinal)
            && s.EndsWith("=> Plain G-8 2 \"2 tea\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sentence_is_shown_as_it_was_read()
    {
        var steps = await OrderReader.StepsAsync(Grocer.Request(BasketState.Empty, "5 ctn oil n 2 sugar"),
            Grocer.Search,
            TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "tokens: 5 ctn oil n 2 sugar",
                "stretch: \"5 ctn oil\" Plain 5 ctn of G-1",
                "stretch: \"2 sugar\" Plain 2 of G-2",
                "purpose: order, says that it orders (rule: order)",
                "lines: Plain G-1 5 ctn \"5 ctn oil\", Plain G-2 2 \"2 sugar\"",
                "place Plain G-1 5 ctn \"5 ctn oil\": is a line of its own",
                "place Plain G-2 2 \"2 sugar\": is a line of its own",
            ],
            steps.Take(7));
        Assert.StartsWith("read: Add G-1 5 ctn, because ", steps[7], StringComparison.Ordinal);
    }
}
