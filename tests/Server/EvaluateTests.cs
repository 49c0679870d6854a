using Sak.Tests.Support;
using Sak.Tools.Evaluate;

namespace Sak.Tests.Server;

/// <summary>The evaluation of a model, on the stub.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_reads_worse_than_the_reader_is_called_so()
    {
        var report = new FileInfo(_folder.File("report.md"));
        var output = new StringWriter();
        var code = await EvaluateCommand.RunAsync(new EvaluateOptions(["coffee", "farm"], 12, report, true), output,
            Cancel);

        Assert.True(code == 0, output.ToString());
        var text = await File.ReadAllTextAsync(report.FullName, Cancel);
        Assert.Contains("**stub is WORSE than the reader**", text, StringComparison.Ordinal);
        Assert.Matches(@"\d+ of 24 messages exactly right against \d+ of the reader's, 0 serious errors", text);
        Assert.Contains("The model answered 24 of 24 messages", text, StringComparison.Ordinal);
        Assert.Matches(@"\| coffee \| 12 \| .* \| .* \|", text);
        Assert.Matches("Tokens of its answers: [1-9][0-9]* in, [1-9][0-9]* out", text);
        Assert.Matches("then median 0[.][0-9]+, p99 [0-9.]+", text);
        Assert.Contains("the reader is right", text, StringComparison.Ordinal);
        Assert.Contains("  - model: ", text, StringComparison.Ordinal);
        Assert.Contains(text, output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", 1, "There is no set nowhere; name some of cafe, clothing, coffee")]
    [InlineData("coffee", 0, "--limit must be 1 or more")]
    public async Task What_can_not_be_evaluated_is_refused_with_a_sentence(string set, int limit, string why)
    {
        var output = new StringWriter();
        Assert.Equal(2, await EvaluateCommand.RunAsync(new EvaluateOptions([set], limit, null, true), output, Cancel));
        Assert.Contains(why, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_model_the_command_says_how_to_set_one()
    {
        var output = new StringWriter();
        Assert.Equal(2, await EvaluateCommand.RunAsync(new EvaluateOptions(["coffee"], 1, null, false), output,
            Cancel));
        Assert.Contains("SAK_Model__Provider", output.ToString(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
