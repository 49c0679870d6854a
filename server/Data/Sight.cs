namespace Sak.Server.Data;

/// <summary>
/// Whose rows a connection to the database shows. There are these four and no others, and a connection that nobody said
/// anything of is <see cref="Nobody"/>: it refuses to be asked.
/// </summary>
public abstract record Sight
{
    private Sight()
    {
    }

    /// <summary>What the wall in the database is told: the one shop, or null for no wall.</summary>
    internal Guid? Shop => this switch
    {
        One one => one.Id,
        Keys or All => null,
        _ => throw new InvalidOperationException(
            "No shop was entered: call Enter(shop), or EnterAllShops() for the operator's work."),
    };

    /// <summary>Nothing: nobody has said whose rows are meant.</summary>
    public sealed record Nobody : Sight;

    /// <summary>The keys, which are not behind the wall, and where the shop of a key stands.</summary>
    public sealed record Keys : Sight;

    /// <summary>One shop's rows.</summary>
    public sealed record One(Guid Id) : Sight;

    /// <summary>The rows of all shops: the operator's work, never a request's.</summary>
    public sealed record All : Sight;
}
