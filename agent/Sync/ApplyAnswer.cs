using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>
/// Applies one page of an answer inside the caller's write transaction: the batch is settled, the cloud's rows go into
/// the tables, and the watermark moves with them. "applying" is set meanwhile, so the capture triggers ignore the rows.
/// </summary>
internal sealed class ApplyAnswer(SqliteConnection connection, TimeProvider clock, AnswerProgress progress)
{
    /// <param name="before">What the pages before this one brought.</param>
    public AppliedAnswer Apply(AnswerPage page, AppliedAnswer before)
    {
        var since = ReplicaRow.BeginApplying(connection);
        using var rows = new IncomingRows(connection, progress, isFirstLoad: since == 0);
        var refused = before.Refused;
        page.Begin();
        while (page.TryRead(out var line))
        {
            switch (rows.Apply(line))
            {
                case AnswerLine.Answered batch:
                    refused += ChangeLog.Settle(connection, batch.Answer, clock.GetUtcNow());
                    break;
                case AnswerLine.Page end:
                    ReplicaRow.EndPage(connection, end.At);
                    return new AppliedAnswer(before.RowsIn + rows.Count, refused, []);
                case AnswerLine.Mark mark:
                    var rowsIn = before.RowsIn + rows.Count;
                    if (mark.Rows != rowsIn)
                        throw new InvalidDataException($"its mark counts {mark.Rows} rows, {rowsIn} came");
                    return Finish(rows, mark, since, new AppliedAnswer(rowsIn, refused, []));
            }
        }

        throw new InvalidDataException("it ended before its mark");
    }

    private AppliedAnswer Finish(IncomingRows rows, AnswerLine.Mark mark, long since, AppliedAnswer applied)
    {
        var now = clock.GetUtcNow();
        rows.FinishRepair(mark.Version);
        if (since > 0 || !Adoption.Run(connection, now)) rows.OfferParked(since, now);
        ReplicaRow.MoveWatermark(connection, mark.Version, now);
        return applied with { Mismatch = Compare(mark, now), Outdated = mark.Outdated, Repaired = rows.Repaired };
    }

    // The tables whose checksum is not the cloud's; none while local changes wait, since then they differ anyway.
    private List<string> Compare(AnswerLine.Mark mark, DateTimeOffset now)
    {
        if (mark.Checksums is null || !ChangeLog.IsEmpty(connection)) return [];
        ReplicaRow.NoteCheck(connection, now);
        return [.. mark.Checksums
            .Where(theirs => Tables.Find(theirs.Table) is { } table && Checksums.Of(connection, table) != theirs)
            .Select(theirs => theirs.Table)];
    }
}
