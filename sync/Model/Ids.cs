namespace Sak.Sync.Model;

/// <summary>
/// Makes domain ids: Guid v7 (RFC 9562), made where the thing is born, so that an order has its identity while the
/// cloud is away. Ordered by the millisecond only; never used as a clock or a cursor.
/// </summary>
public static class Ids
{
    /// <summary>A new id, stamped with the time of <paramref name="clock"/>.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>True for the one text form that ids have everywhere: lower-case, 36 letters, hyphens.</summary>
    public static bool IsText(string text)
    {
        if (text.Length != 36) return false;
        for (var i = 0; i < text.Length; i++)
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigitLower(text[i])) return false;
        return true;
    }
}
