namespace Sak.Tools.Simulate;

/// <summary>A clock that moves only when it is set, backwards too.</summary>
public sealed class SimClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public void Move(TimeSpan by) => _now += by;
}
