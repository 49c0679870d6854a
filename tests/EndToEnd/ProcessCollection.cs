namespace Sak.Tests.EndToEnd;

/// <summary>Tests that start programs and browsers of their own: one after another, with nothing beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCollection
{
    public const string Name = "processes";
}
