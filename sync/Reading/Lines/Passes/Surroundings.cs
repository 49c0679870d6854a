using Sak.Sync.Reading.Message;

namespace Sak.Sync.Reading.Lines.Passes;

/// <summary>What a pass over the stretches of a message may look at beside them.</summary>
/// <param name="Cutter">Reads a stretch again with words of its neighbour.</param>
/// <param name="Muted">Stretches of clauses that order nothing: they may name what the others leave out.</param>
internal sealed record Surroundings(Context Context, MessageText Text, Cutter Cutter, IReadOnlyList<Stretch> Muted);
