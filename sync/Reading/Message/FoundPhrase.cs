using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>A recognised phrase: "how much", "take out", "instead of".</summary>
/// <param name="Gap">Where the words begin that a * of the phrase stands for: they are what the phrase speaks
/// of.</param>
internal sealed record FoundPhrase(PhraseKind Kind, int Start, int Length, string Value = "",
    Nuance Nuance = Nuance.None, int Gap = 0, int GapLength = 0)
{
    public int End => Start + Length;

    public bool IsInGap(int at) => at >= Gap && at < Gap + GapLength;

    public bool Overlaps(FoundPhrase other) => Start < other.End && other.Start < End;
}
