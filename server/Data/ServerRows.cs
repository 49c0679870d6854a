namespace Sak.Server.Data;

/// <summary>A tenant. Times in all rows are UTC Unix milliseconds.</summary>
public sealed class ShopRow
{
    public Guid Id { get; set; }
    public string Name { get; set; } = "";
    public string Currency { get; set; } = "";
    public bool TaxInclusive { get; set; }
    public string Phone { get; set; } = "";
    public long CreatedAt { get; set; }
}

/// <summary>
/// The counter that orders a shop's commits; see <see cref="ShopWrite"/>. A table of its own, so that nothing else
/// waits for its lock.
/// </summary>
public sealed class ShopVersionRow
{
    public Guid ShopId { get; set; }
    public long Version { get; set; }

    /// <summary>Tombstones up to this version were removed: a replica below it must repair itself.</summary>
    public long Floor { get; set; }
}

/// <summary>A key of a device or a person; the secret itself is never stored.</summary>
public sealed class KeyRow
{
    public string Id { get; set; } = "";
    public Guid ShopId { get; set; }
    public byte[] Hash { get; set; } = [];
    public string Role { get; set; } = "";
    public long CreatedAt { get; set; }
    public long? RevokedAt { get; set; }
}

/// <summary>Which of the shop's PCs answers a WhatsApp number, and until when if it does not renew.</summary>
public sealed class NumberLeaseRow
{
    public Guid ShopId { get; set; }

    /// <summary>Digits; empty when the PC does not know it.</summary>
    public string Number { get; set; } = "";
    public string Device { get; set; } = "";
    public long Until { get; set; }
}

/// <summary>The answer to one batch, kept so that a repeat gets the same and changes nothing.</summary>
public sealed class SyncBatchRow
{
    public Guid ShopId { get; set; }
    public Guid Replica { get; set; }
    public long Sequence { get; set; }
    public Guid BatchId { get; set; }
    public string Answer { get; set; } = "";
    public long At { get; set; }
}

/// <summary>A synced row that was deleted.</summary>
public sealed class TombstoneRow
{
    public Guid ShopId { get; set; }
    public string TableName { get; set; } = "";
    public Guid Id { get; set; }
    public long Ver { get; set; }
    public Guid? Origin { get; set; }

    /// <summary>When it was deleted; 0 when another program did it.</summary>
    public long At { get; set; }
}

/// <summary>The reply to one turn, kept so that the same turn gets the same reply.</summary>
public sealed class ReplyRow
{
    public Guid ShopId { get; set; }
    public Guid TurnId { get; set; }
    public string Reply { get; set; } = "";
    public long At { get; set; }
}

/// <summary>What a shop's model answered and took on one day (UTC, yyyymmdd), and why the reader did.</summary>
public sealed class ModelUseRow
{
    public Guid ShopId { get; set; }
    public int Day { get; set; }

    /// <summary>In and out; the day's budget is held against it.</summary>
    public long Tokens { get; set; }

    public long OutputTokens { get; set; }
    public int ByModel { get; set; }
    public int OverBudget { get; set; }
    public int TooSlow { get; set; }
    public int Unreachable { get; set; }
    public int Refused { get; set; }
    public int BadAnswer { get; set; }
    public int ToolFailed { get; set; }

    /// <summary>Of the model's answers, those whose words were not used.</summary>
    public int WordsRefused { get; set; }
}
