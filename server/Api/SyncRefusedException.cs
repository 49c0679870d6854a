using Sak.Sync.Replica;

namespace Sak.Server.Api;

/// <summary>A request of an agent that is refused as a whole, with one of <see cref="SyncProblems"/>.</summary>
public sealed class SyncRefusedException(string problem, string message) : Exception(message)
{
    public string Problem { get; } = problem;
}
