namespace Sak.Tests.Support;

/// <summary>
/// The first line of a sync request as text, so that tests can send what SAK's own writer never would.
/// </summary>
/// <param name="tables">Each with the names of its columns, separated by spaces.</param>
public sealed class HeadText(string replica, params (string Name, string Columns)[] tables)
{
    public int Schema { get; init; } = 1;

    public string Since { get; init; } = "0";

    /// <summary>The batch's id as JSON; "null" for a request without one.</summary>
    public string Batch { get; init; } = $"\"{Guid.CreateVersion7()}\"";

    public string Sequence { get; init; } = "1";

    /// <summary>More members of the object, as JSON.</summary>
    public string More { get; init; } = "";

    public override string ToString() =>
        $"{{\"protocol\":1,\"schema\":{Schema},\"replica\":\"{replica}\",\"since\":{Since},\"check\":false,"
            + $"\"batchId\":{Batch},\"batchSequence\":{Sequence},{(More.Length > 0 ? More + "," : "")}"
            + $"\"tables\":[{string.Join(',', tables.Select(Table))}]}}";

    private static string Table((string Name, string Columns) table) =>
        $"{{\"name\":\"{table.Name}\",\"columns\":[\"{table.Columns.Replace(" ", "\",\"")}\"]}}";
}
