using System.Data.Common;
using Sak.Server.Data;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Server.Sync;

/// <summary>
/// Streams what a replica has not seen, as of one moment; memory is flat in rows. The head decides which of three: news
/// above a watermark, a first load in pages, or a repair by buckets.
/// </summary>
public sealed class PullChanges(ShopConnection db)
{
    /// <summary>False when nothing came after the replica's watermark.</summary>
    /// <param name="version">The shop's version; it was read together with the key, so that most requests cost one
    /// index read.</param>
    public static bool HasNews(SyncHead head, long version) =>
        head.Check || head.Page is { Table.Length: > 0 } || head.Sums is not null || version != head.Since;

    /// <summary>Rows, parents before children; deletions, children before parents; then the mark.</summary>
    public async Task WriteAsync(AnswerWriter to, Guid shop, SyncHead head, IReadOnlyList<WireTable> tables,
        BatchAnswer? batch, CancellationToken cancel)
    {
        if (batch is not null) await to.WriteAsync(new AnswerLine.Answered(batch), cancel);

        var feed = new RowFeed(db, shop);
        WireTable[] known = [.. Tables.All.Select(t => tables.FirstOrDefault(w => w.Table == t)).OfType<WireTable>()];
        // A replica that starts from nothing gets its own rows too.
        Action<DbCommand>? news = head.Sums is null && head.Page is null
            ? command => feed.AskNews(command, known, head.Since, head.Since == 0 ? null : head.Replica)
            : null;
        await using var moment = await ShopRead.BeginAsync(db, shop, news, cancel);
        var pull = new Pull(feed, to, head, known, moment);
        var mark = head.Sums is { } sums ? await pull.RepairAsync(sums, cancel)
            : head.Page is { } page ? await pull.FirstLoadAsync(page, cancel) : await pull.NewsAsync(cancel);
        if (head.Check) mark = mark with { Checksums = await pull.ChecksumsAsync(cancel) };
        await to.WriteAsync(mark, cancel);
        await to.FlushAsync(cancel);
    }

    private sealed class Pull(RowFeed feed, AnswerWriter to, SyncHead head, IReadOnlyList<WireTable> tables,
        ShopRead moment)
    {
        public async Task<AnswerLine.Mark> NewsAsync(CancellationToken cancel)
        {
            // A watermark that this database never gave (it was restored from a backup): everything again.
            var isRestored = head.Since > moment.Version;
            var rows = await RowFeed.WriteNewsAsync(to, tables, moment.Results, cancel);
            await moment.Results.DisposeAsync();
            if (isRestored) rows += await feed.EverythingAsync(to, tables, cancel);
            return new AnswerLine.Mark(moment.Version, rows, null,
                isRestored || (head.Since > 0 && head.Since < moment.Floor));
        }

        /// <summary>
        /// Continues after the page. Rows may be newer than the version at which the load began: they are sent again
        /// with the news after it.
        /// </summary>
        public async Task<AnswerLine.Mark> FirstLoadAsync(PageMark page, CancellationToken cancel)
        {
            var from = page.Version > moment.Version ? PageMark.Start : page;
            var version = from.Table.Length == 0 ? moment.Version : from.Version;
            if (head.Totals) await to.WriteAsync(new AnswerLine.Totals(await CountAsync(from, cancel)), cancel);
            var rows = 0L;
            var began = from.Table.Length == 0;
            foreach (var table in tables)
            {
                var isHere = table.Table.Name == from.Table;
                if (began || isHere)
                    rows += await feed.PagesAsync(to, table, isHere ? from.Id : "", version, cancel);
                began |= isHere;
            }

            return new AnswerLine.Mark(version, rows, null);
        }

        private async Task<IReadOnlyList<TableTotal>> CountAsync(PageMark from, CancellationToken cancel)
        {
            var totals = new List<TableTotal>();
            var began = from.Table.Length == 0;
            foreach (var table in tables.Select(t => t.Table))
            {
                var isHere = table.Name == from.Table;
                var rows = await feed.CountAsync(table, "", cancel);
                totals.Add(
                    new TableTotal(table.Name, rows,
                        isHere ? await feed.CountAsync(table, from.Id, cancel) : began ? rows : 0));
                began |= isHere;
            }

            return totals;
        }

        public async Task<AnswerLine.Mark> RepairAsync(IReadOnlyList<TableSums> theirs, CancellationToken cancel)
        {
            var rows = 0L;
            foreach (var table in tables)
            {
                if (theirs.FirstOrDefault(t => t.Table == table.Table.Name) is not { } sums) continue;
                var differ = await DifferAsync(table.Table, sums.Sums, cancel);
                if (differ.Count == 0) continue;
                await to.TableAsync(table.Table, table.Columns, cancel);
                await to.WriteAsync(new AnswerLine.Differ(table.Table, [.. differ.Order()]), cancel);
                rows += await feed.BucketsAsync(to, table, differ, cancel);
            }

            return new AnswerLine.Mark(moment.Version, rows, null);
        }

        public async Task<IReadOnlyList<TableChecksum>> ChecksumsAsync(CancellationToken cancel)
        {
            var sums = new List<TableChecksum>();
            foreach (var table in tables)
            {
                var (count, xor) = (0L, 0L);
                await foreach (var (id, ver) in feed.VersionsAsync(table.Table, cancel))
                {
                    count++;
                    xor ^= RowHash.Of(id, ver);
                }

                sums.Add(new TableChecksum(table.Table.Name, count, xor));
            }

            return sums;
        }

        private async Task<HashSet<int>> DifferAsync(Table table, IReadOnlyList<long> theirs, CancellationToken cancel)
        {
            var mine = new long[RowHash.Buckets];
            await foreach (var (id, ver) in feed.VersionsAsync(table, cancel))
                mine[RowHash.Bucket(id)] ^= RowHash.Of(id, ver);
            return [.. Enumerable.Range(0, mine.Length).Where(bucket => mine[bucket] != theirs[bucket])];
        }
    }
}
