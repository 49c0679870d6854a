namespace Sak.Tests.EndToEnd;

/// <summary>Tests that start programs and browsers: one after another, nothing else at the same time.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
