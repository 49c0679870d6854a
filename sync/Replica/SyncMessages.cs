namespace Sak.Sync.Replica;

/// <summary>
/// The head of <c>POST /api/sync</c>: one exchange pushes at most one batch and pulls what is new. The shop comes from
/// the credential, never from here.
/// </summary>
/// <param name="Replica">Made once for each replica database; the server keeps its last batch by (shop,
/// replica).</param>
/// <param name="Since">The shop's version that the replica has everything up to; 0 asks for all rows.</param>
/// <param name="Check">True asks for checksums in the mark.</param>
/// <param name="Page">Set by a replica that loads for the first time: the answer comes in pages, after this
/// place.</param>
/// <param name="Sums">Set by a replica that repairs itself: the answer holds what differs, whatever
/// <paramref name="Since"/> says.</param>
/// <param name="Totals">Asks for the number of rows to come before the first page.</param>
public sealed record SyncHead(
    int Protocol, int Schema, Guid Replica, long Since, bool Check, Guid? BatchId, long BatchSequence,
    PageMark? Page = null, IReadOnlyList<TableSums>? Sums = null,
    bool Totals = false)
{
    /// <summary>The protocol that this program speaks; raised when an older side could not go on with it.</summary>
    public const int CurrentProtocol = 1;
}

/// <summary>
/// How far a first load has come: all tables before this one, and its rows up to this id, as of the version or later.
/// </summary>
/// <param name="Table">Empty before the first page.</param>
public sealed record PageMark(string Table, string Id, long Version)
{
    public static readonly PageMark Start = new("", "", 0);

    /// <summary>"products/0198…/41", as it travels and is kept.</summary>
    public string ToText() => $"{Table}/{Id}/{Version}";

    /// <summary>Throws <see cref="InvalidDataException"/> for a text that no server gave.</summary>
    public static PageMark Parse(string? text) =>
        text?.Split('/') is [var table, var id, var version]
            && long.TryParse(version, System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out var number)
            && (table.Length == 0
                ? id.Length == 0 && number == 0
                : Tables.Find(table) is not null && Guid.TryParseExact(id, "D", out _))
            ? new PageMark(table, id, number)
            : throw new InvalidDataException("\"page\" is no place that this server gave");
}

/// <summary>The xor of <see cref="RowHash"/> over each of <see cref="RowHash.Buckets"/> buckets of a table.</summary>
public sealed record TableSums(string Table, IReadOnlyList<long> Sums);

/// <summary>One line of the answer, in the order they come: batch?, (columns, row*, gone?)*, mark.</summary>
public abstract record AnswerLine
{
    /// <summary>What became of the pushed batch.</summary>
    public sealed record Answered(BatchAnswer Answer) : AnswerLine;

    /// <summary>
    /// One row, in the declared column order. Columns that the sender does not know are absent from
    /// <paramref name="Columns"/>.
    /// </summary>
    public sealed record Row(Table Table, IReadOnlyList<int> Columns, long Version, IReadOnlyList<object?> Values)
        : AnswerLine;

    /// <summary>A deleted row.</summary>
    public sealed record Gone(Table Table, string Id, long Version) : AnswerLine;

    /// <summary>
    /// Before a first load, when asked for: how many rows each table holds and how many of them follow.
    /// </summary>
    public sealed record Totals(IReadOnlyList<TableTotal> Tables) : AnswerLine;

    /// <summary>A first load may be cut here: rows and this mark are committed together.</summary>
    public sealed record Page(PageMark At) : AnswerLine;

    /// <summary>
    /// All rows of these buckets of the table follow; a row of these buckets that does not follow is deleted.
    /// </summary>
    public sealed record Differ(Table Table, IReadOnlyList<int> Buckets) : AnswerLine;

    /// <summary>
    /// The end: everything up to <paramref name="Version"/> was sent. Rows and watermark are committed together, and
    /// only when this line was seen.
    /// </summary>
    /// <param name="Outdated">The deletions since the replica's watermark are no longer known: it must repair
    /// itself.</param>
    public sealed record Mark(long Version, long Rows, IReadOnlyList<TableChecksum>? Checksums, bool Outdated = false)
        : AnswerLine;
}

/// <param name="Rows">Rows of the table at the answer's moment.</param>
/// <param name="ToCome">Those that follow; fewer when a load goes on after a page.</param>
public sealed record TableTotal(string Table, long Rows, long ToCome);

/// <summary>Number of rows of a table and the xor of <see cref="RowHash"/> over them.</summary>
public sealed record TableChecksum(string Table, long Count, long Xor);

/// <summary>A refusal of the whole request, as RFC 9457 problem details with these codes in "type".</summary>
public static class SyncProblems
{
    /// <summary>401: no key, an unknown key, or a revoked one.</summary>
    public const string Key = "urn:sak:key";

    /// <summary>426: protocol or schema newer than the server knows.</summary>
    public const string Version = "urn:sak:version";

    /// <summary>400: the body is not what the protocol says; the detail says where.</summary>
    public const string Malformed = "urn:sak:malformed";

    /// <summary>
    /// 409: a batch of this sequence is known with another id: the replica was copied or restored and must take a new
    /// identity.
    /// </summary>
    public const string Forked = "urn:sak:forked";

    /// <summary>409: the batch skips a sequence.</summary>
    public const string Gap = "urn:sak:gap";
}

/// <summary>Hash of (id, version) for checksums: the same arithmetic on both sides, independent of row order.</summary>
public static class RowHash
{
    public const int Buckets = 256;

    /// <summary>The bucket of a row, by its id alone.</summary>
    public static int Bucket(string id) => (int)(OfId(id) >> 32) & (Buckets - 1);

    public static long Of(string id, long version)
    {
        var hash = OfId(id);
        hash ^= unchecked((ulong)version) * 0x9E3779B97F4A7C15UL;
        hash ^= hash >> 31;
        hash *= 0xBF58476D1CE4E5B9UL;
        return unchecked((long)(hash ^ (hash >> 29)));
    }

    private static ulong OfId(string id)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in id) hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }
}
