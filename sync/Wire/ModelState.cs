namespace Sak.Sync.Wire;

/// <summary>Why a model did not answer a turn, and the reader did.</summary>
public enum ModelFailure
{
    /// <summary>The shop's tokens of the day are spent.</summary>
    OverBudget,

    /// <summary>It took longer than the customer may wait.</summary>
    TooSlow,

    /// <summary>The provider can't be reached, or the line was cut.</summary>
    Unreachable,

    /// <summary>The provider refused: wrong key, unknown model, its own limit, its own trouble.</summary>
    Refused,

    /// <summary>It answered nonsense, too much, or not at all for looking things up.</summary>
    BadAnswer,

    /// <summary>A tool of SAK failed.</summary>
    ToolFailed,
}

/// <summary>How the shop's model does, for its dashboard.</summary>
/// <param name="SpentPercent">Of the shop's tokens of the day.</param>
/// <param name="Failure">A <see cref="ModelFailure"/> as its word, when the reader had to answer. A text, so that an
/// older agent reads a newer word without a fault.</param>
/// <param name="WordsFault">Why the model's words were not used, as its word; its intents were.</param>
public sealed record ModelState(int SpentPercent, string? Failure = null, string? WordsFault = null);
