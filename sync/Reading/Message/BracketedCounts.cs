using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>"shirts 28 (4) 30 (6)": a bare number in brackets behind a bare one counts it.</summary>
internal static class BracketedCounts
{
    public static void Open(List<Token> tokens)
    {
        for (var i = 1; i + 2 < tokens.Count; i++)
        {
            if (!tokens[i].IsMark("(") || !tokens[i + 2].IsMark(")") || tokens[i - 1] is not { IsNumber: true }
                || tokens[i + 1] is not { IsNumber: true }) continue;
            tokens[i].Text = "-";
            tokens[i + 2].Text = ",";
        }
    }
}
