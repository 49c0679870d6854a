namespace Sak.Tests.Support;

/// <summary>The system's clock with an error.</summary>
public sealed class SteppedClock : TimeProvider
{
    public TimeSpan Step { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Step;
}
