namespace Sak.Sync.Replica;

/// <summary>When to sync next. Pure: all it knows is given.</summary>
/// <param name="Interval">Between two contacts when nothing waits.</param>
/// <param name="Soon">After a local change, so that one order's rows travel together.</param>
public sealed record SyncSchedule(TimeSpan Interval, TimeSpan Soon)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long to wait: soon when changes wait, the interval otherwise; after failures 1, 2, 4 … 60 s, each shortened
    /// by up to half with <paramref name="chance"/> (0–1), so that many shops do not return in one moment.
    /// </summary>
    public TimeSpan Next(int failures, bool pending, double chance)
    {
        if (failures == 0) return pending ? Soon : Interval;
        var full = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        if (full > LongestRetry) full = LongestRetry;
        return full * (1 - 0.5 * Math.Clamp(chance, 0, 1));
    }
}
