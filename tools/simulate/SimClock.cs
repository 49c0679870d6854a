namespace Sak.Tools.Simulate;

/// <summary>A clock that stands until it is moved, backwards too.</summary>
public sealed class SimClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
