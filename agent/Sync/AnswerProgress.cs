using Sak.Sync.Replica;

namespace Sak.Agent.Sync;

/// <summary>Counts the rows of an answer as they are applied, and reports now and then how far it is.</summary>
internal sealed class AnswerProgress(Action<SyncProgress>? report)
{
    private const int RowsBetweenReports = 500;

    private string _table = "";
    private long _rows;
    private long _total;
    private long _reported;

    /// <summary>A first load says how many rows there are and how many of them follow.</summary>
    public void Begin(IReadOnlyList<TableTotal> totals)
    {
        _total = totals.Sum(t => t.Rows);
        _rows = _reported = totals.Sum(t => t.Rows - t.ToCome);
        Report(isDone: false);
    }

    public void BeginTable(string name) => _table = name;

    public void Add(long rows)
    {
        _rows += rows;
        if (_rows - _reported < RowsBetweenReports) return;
        _reported = _rows;
        Report(isDone: false);
    }

    public void End() => Report(isDone: true);

    private void Report(bool isDone) => report?.Invoke(new SyncProgress(_table, _rows, _total, isDone));
}
