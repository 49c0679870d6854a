using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Sak.Server.Data;
using Sak.Sync;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>Streams what a replica has not seen, as it stood at one moment; memory is flat in rows.</summary>
public sealed class PullChanges(SakDb db)
{
    /// <summary>One index read: false when nothing came after the replica's watermark.</summary>
    public async Task<bool> HasNewsAsync(Guid shop, SyncHead head, CancellationToken cancel) =>
        await ShopRead.VersionAsync(db, shop, cancel) != head.Since;

    /// <summary>Rows, parents before children; deletions, children before parents; then the mark.</summary>
    public async IAsyncEnumerable<AnswerLine> ReadAsync(
        Guid shop, SyncHead head, IReadOnlyList<WireTable> tables, BatchAnswer? batch, [EnumeratorCancellation] CancellationToken cancel)
    {
        if (batch is not null) yield return new AnswerLine.Batch(batch);

        await using var moment = await ShopRead.BeginAsync(db, shop, cancel);
        var version = moment.Version;
        // A watermark that this database never gave (it was restored from a backup): everything again.
        var since = head.Since > version ? 0 : head.Since;
        var sql = new RowSql(db, shop);
        var rows = 0L;
        if (since < version)
        {
            await foreach (var row in RowsAsync(sql, head, since, tables, cancel))
            {
                rows++;
                yield return row;
            }

            foreach (var gone in await GoneAsync(shop, head, since, tables, cancel))
            {
                rows++;
                yield return gone;
            }
        }

        yield return new AnswerLine.Mark(version, rows, head.Check ? await ChecksumsAsync(sql, tables, cancel) : null);
    }

    private static async IAsyncEnumerable<AnswerLine> RowsAsync(
        RowSql sql, SyncHead head, long since, IReadOnlyList<WireTable> tables, [EnumeratorCancellation] CancellationToken cancel)
    {
        // A replica that starts from nothing gets its own rows too.
        Guid? echo = since == 0 ? null : head.Replica;
        foreach (var table in Tables.All)
        {
            if (tables.FirstOrDefault(t => t.Table == table) is not { } wanted) continue;
            await foreach (var (ver, values) in sql.NewsAsync(table, wanted.Columns, since, echo, cancel))
                yield return new AnswerLine.Row(table, wanted.Columns, ver, values);
        }
    }

    private async Task<List<AnswerLine>> GoneAsync(Guid shop, SyncHead head, long since, IReadOnlyList<WireTable> tables, CancellationToken cancel)
    {
        var graves = await db.Tombstones
            .Where(t => t.ShopId == shop && t.Ver > since && (since == 0 || t.Origin == null || t.Origin != head.Replica))
            .ToListAsync(cancel);
        return [.. Tables.All.Reverse()
            .Where(table => tables.Any(t => t.Table == table))
            .SelectMany(table => graves.Where(g => g.TableName == table.Name).Select(g => new AnswerLine.Gone(table, g.Id.ToString("D"), g.Ver)))];
    }

    private static async Task<IReadOnlyList<TableChecksum>> ChecksumsAsync(RowSql sql, IReadOnlyList<WireTable> tables, CancellationToken cancel)
    {
        var sums = new List<TableChecksum>();
        foreach (var table in tables)
        {
            var (count, xor) = (0L, 0L);
            await foreach (var (id, ver) in sql.VersionsAsync(table.Table, cancel))
            {
                count++;
                xor ^= RowHash.Of(id, ver);
            }

            sums.Add(new TableChecksum(table.Table.Name, count, xor));
        }

        return sums;
    }
}
