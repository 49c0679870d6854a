using System.Text;
using Sak.Tools.Understand;

namespace Sak.Tools.Evaluate;

/// <summary>What the evaluation found, in Markdown: the verdict first, then figures, then each disagreement.</summary>
internal static class EvaluationReport
{
    public static string Write(string model, IReadOnlyList<SetResult> sets)
    {
        var answers = sets.SelectMany(s => s.Answers).ToList();
        var text = new StringBuilder();
        text.Append($"# {model}, compared with the reader\n\n{Verdict(model, sets, answers)}\n\n");
        text.Append("| set | messages | model: F1, exact, right questions, serious | reader: the same |\n");
        text.Append("|---|---|---|---|\n");
        foreach (var set in sets)
            text.Append($"| {set.Set} | {set.Answers.Count} | {Figures(set.Served)} | {Figures(set.Reader)} |\n");
        text.Append($"\n{Cost(answers)}\n");
        Disagreements(text, sets);
        return text.ToString();
    }

    private static string Verdict(string model, IReadOnlyList<SetResult> sets, List<EvaluatedAnswer> answers)
    {
        var (served, read) = (answers.Count(a => a.ServedRight), answers.Count(a => a.ReaderRight));
        var (wrong, readerWrong) = (sets.Sum(s => s.Served.Serious) + answers.Count(a => a.FalseYes),
            sets.Sum(s => s.Reader.Serious));
        var figures = $"{served} of {answers.Count} messages exactly right against {read} of the reader's, "
            + $"{wrong} serious errors (a line or a yes that nobody gave) against {readerWrong}";
        if (served < read || wrong > readerWrong)
            return $"**{model} is WORSE than the reader**: {figures}. A shop is served better without it.";
        return served == read && wrong == readerWrong
            ? $"**{model} is as good as the reader**: {figures}."
            : $"**{model} is better than the reader**: {figures}.";
    }

    private static string Figures(ReadingScore score) =>
        $"{score.F1:P1}, {score.Exact:P1}, {score.Clarify:P1}, {score.Serious}";

    private static string Cost(List<EvaluatedAnswer> answers)
    {
        var ofModel = answers.Where(a => a.ByModel).ToList();
        var text = $"The model answered {ofModel.Count} of {answers.Count} messages. ";
        if (ofModel.Count < answers.Count)
            text += "The reader answered the others, because the model failed, was too slow or had spent its tokens; "
                + "the server's log above says which. ";
        if (ofModel.Count == 0) return text;
        var seconds = ofModel.Skip(1).Select(a => a.Seconds).DefaultIfEmpty(ofModel[0].Seconds).Order().ToList();
        return text
            + $"Tokens of its answers: {ofModel.Sum(a => a.Cost?.InputTokens ?? 0)} in, "
            + $"{ofModel.Sum(a => a.Cost?.OutputTokens ?? 0)} out, "
            + $"{ofModel.Average(a => (a.Cost?.InputTokens ?? 0) + (a.Cost?.OutputTokens ?? 0)):0} a message, "
            + $"{ofModel.Average(a => a.Cost?.ToolCalls ?? 0):0.0} tool calls. "
            + $"Seconds: the first {ofModel[0].Seconds:0.00}, then median {At(seconds, 0.5):0.00}, "
            + $"p99 {At(seconds, 0.99):0.00}, longest {seconds[^1]:0.00}.";
    }

    private static double At(List<double> ordered, double part) =>
        ordered[Math.Max(0, (int)Math.Ceiling(part * ordered.Count) - 1)];

    private static void Disagreements(StringBuilder text, IReadOnlyList<SetResult> sets)
    {
        var different = sets.SelectMany(s => s.Answers.Where(a => a.ByModel && a.Served != a.Read)
            .Select(a => (s.Set, Answer: a))).ToList();
        text.Append($"\n## Where the model and the reader disagree: {different.Count}\n");
        foreach (var (set, answer) in different)
            text.Append($"\n- {set} {answer.Id}, {Right(answer)}: {answer.Text.ReplaceLineEndings(" / ")}\n"
                + $"  - meant: {answer.Expected}\n  - model: {answer.Served}\n  - reader: {answer.Read}\n");
    }

    private static string Right(EvaluatedAnswer answer) => (answer.ServedRight, answer.ReaderRight) switch
    {
        (true, true) => "both are accepted",
        (true, false) => "the model is right",
        (false, true) => "the reader is right",
        _ => "neither is right",
    };
}
