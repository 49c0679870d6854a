namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>One step over stretches or lines: takes a list and gives the list that follows from it.</summary>
/// <param name="Does">What it does, with an example, for a person.</param>
/// <typeparam name="TAround">What it may look at beside the list.</typeparam>
/// <typeparam name="T">What the list is of: stretches or lines.</typeparam>
internal sealed record Pass<TAround, T>(string Name, string Does,
    Func<TAround, IReadOnlyList<T>, IReadOnlyList<T>> Apply);
