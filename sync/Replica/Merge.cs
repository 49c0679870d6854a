namespace Sak.Sync.Replica;

/// <summary>A column where the cloud's value was kept against the agent's.</summary>
public readonly record struct MergeConflict(int Column, object? Cloud, object? Agent);

/// <param name="Values">The row to be stored, all columns.</param>
/// <param name="Overruled">Columns where the agent's value was taken, by their rule, against a value of the cloud that
/// the agent had not seen.</param>
public sealed record MergedRow(object?[] Values, IReadOnlyList<MergeConflict> Conflicts,
    IReadOnlyList<MergeConflict> Overruled);

/// <summary>
/// Three-way merge of one row by column. The cloud's value equals what the agent saw before: the agent's is taken.
/// Otherwise both changed it, and the column's <see cref="MergeRule"/> says who wins. Pure; no clock decides anything.
/// </summary>
public static class Merge
{
    private const int LongestKept = 2_000;

    /// <summary>An update of a row that the cloud has.</summary>
    public static MergedRow Update(Table table, IReadOnlyList<object?> cloud, IReadOnlyList<ColumnChange> changes)
    {
        var values = cloud.ToArray();
        var (conflicts, overruled) = (new List<MergeConflict>(), new List<MergeConflict>());
        foreach (var change in changes)
        {
            var column = table.Columns[change.Column];
            if (column.CloudOwned || Equals(values[change.Column], change.New)) continue;
            var unchanged = Equals(values[change.Column], change.Old);
            var takes = Takes(column, unchanged);
            if (!takes || !unchanged)
                (takes ? overruled : conflicts).Add(
                    new MergeConflict(change.Column, values[change.Column], change.New));
            if (takes) values[change.Column] = change.New;
        }

        return new MergedRow(values, conflicts, overruled);
    }

    /// <summary>
    /// An insert of a row that the cloud has already: a repeat, or the same id made in two places. There is no value
    /// from before to compare with.
    /// </summary>
    public static MergedRow Insert(Table table, IReadOnlyList<object?> cloud, IReadOnlyList<object?> row)
    {
        var values = cloud.ToArray();
        var (conflicts, overruled) = (new List<MergeConflict>(), new List<MergeConflict>());
        for (var i = 0; i < values.Length; i++)
        {
            var column = table.Columns[i];
            if (column.CloudOwned || row[i] is Absent || Equals(values[i], row[i])) continue;
            var takes = Takes(column, unchanged: false);
            (takes ? overruled : conflicts).Add(new MergeConflict(i, values[i], row[i]));
            if (takes) values[i] = row[i];
        }

        return new MergedRow(values, conflicts, overruled);
    }

    /// <summary>
    /// A row that the cloud does not have. Columns that the agent does not know are empty, cloud-owned ones null; the
    /// same array when nothing has to be replaced.
    /// </summary>
    public static object?[] New(Table table, IReadOnlyList<object?> row)
    {
        if (row is object?[] whole && !table.HasCloudOwned && !whole.Contains(Absent.Value)) return whole;
        var values = new object?[table.Columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = table.Columns[i].CloudOwned ? null : row[i] is Absent ? table.Columns[i].Empty : row[i];
        return values;
    }

    /// <summary>One sentence for the owner.</summary>
    public static string Reason(Table table, MergeConflict conflict)
    {
        var column = table.Columns[conflict.Column];
        return column.Rule == MergeRule.NeverChanges
            ? $"{column.Name} never changes once a row was made: the cloud keeps {Show(conflict.Cloud)}, not "
                + $"{Show(conflict.Agent)}."
            : $"{column.Name} was changed in the cloud too: the cloud's {Show(conflict.Cloud)} was kept, not "
                + $"{Show(conflict.Agent)}.";
    }

    /// <summary>
    /// The same for a value of the cloud that was overruled; it is kept in this sentence and nowhere else.
    /// </summary>
    public static string Overruled(Table table, MergeConflict conflict) =>
        $"{table.Columns[conflict.Column].Name} was changed in the cloud too: this PC's "
            + $"{Show(conflict.Agent)} was kept, not the cloud's {Show(conflict.Cloud, LongestKept)}.";

    private static bool Takes(Column column, bool unchanged) =>
        column.Rule switch
        {
            MergeRule.NeverChanges => false,
            MergeRule.AgentWins => true,
            _ => unchanged,
        };

    private static string Show(object? value, int longest = 60) =>
        value switch
        {
            null => "nothing",
            string text when text.Length > longest => $"\"{text[..longest]}…\"",
            string text => $"\"{text}\"",
            _ => $"{value}",
        };
}
