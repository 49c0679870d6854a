namespace Sak.Sync.Model;

/// <summary>
/// Makes domain ids: Guid v7 (RFC 9562), made where the thing is born, so that an order has its identity while the cloud
/// is away. Ordered by the millisecond only; never used as a clock or a cursor.
/// </summary>
public static class Ids
{
    /// <summary>A new id, stamped with the time of <paramref name="clock"/>.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());
}
