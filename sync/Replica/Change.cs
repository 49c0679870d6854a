using System.Text.Json;
using System.Text.Json.Serialization;
using Sak.Sync.Model;

namespace Sak.Sync.Replica;

/// <summary>What happened to a row.</summary>
public enum ChangeKind { Insert, Update, Delete }

/// <summary>A kind of change as one letter, in the change log and on the wire.</summary>
public static class ChangeLetter
{
    public static string Of(ChangeKind kind) =>
        kind switch { ChangeKind.Insert => "i", ChangeKind.Update => "u", _ => "d" };

    /// <summary>Null for a text that is no kind of change.</summary>
    public static ChangeKind? Find(string? letter) =>
        letter switch
        {
            "i" => ChangeKind.Insert,
            "u" => ChangeKind.Update,
            "d" => ChangeKind.Delete,
            _ => null,
        };
}

/// <summary>
/// In a row, the value of a column that the sender does not know: left alone in an existing row, empty in a new one.
/// </summary>
public sealed class Absent
{
    public static readonly Absent Value = new();

    private Absent()
    {
    }
}

/// <summary>One column of an update, with the value that the writer saw before (for the three-way merge).</summary>
/// <param name="Column">Index into the table's columns.</param>
public readonly record struct ColumnChange(int Column, object? Old, object? New);

/// <summary>
/// One captured change of one row. Values are <see cref="string"/>, <see cref="long"/> or null; ids are lower-case
/// "D" text, times are Unix milliseconds.
/// </summary>
/// <param name="Sequence">Position in the replica's log; rises within a batch, gaps are allowed.</param>
/// <param name="Row">All columns, for an insert, with <see cref="Absent"/> for those that the writer did not
/// know; otherwise empty.</param>
/// <param name="Columns">Changed columns, for an update; otherwise empty.</param>
public sealed record Change(
    long Sequence,
    Table Table,
    ChangeKind Kind,
    string Id,
    IReadOnlyList<object?> Row,
    IReadOnlyList<ColumnChange> Columns);

/// <summary>
/// Changes that travel together and are applied in one transaction. Its identity is made and stored before it is first
/// sent, so that a repeat is the same batch with the same content.
/// </summary>
/// <param name="Sequence">1, 2, 3 … for each replica, without gaps.</param>
public sealed record Batch(Guid Id, long Sequence, IReadOnlyList<Change> Changes);

/// <summary>What became of a change that was not simply taken.</summary>
[JsonConverter(typeof(RefusalKindConverter))]
public enum RefusalKind
{
    /// <summary>
    /// Both sides changed a row or column and one value was lost, mostly the agent's (the cloud's comes back).
    /// </summary>
    Conflict,

    /// <summary>A row that the cloud does not have was refused.</summary>
    Parked,
}

/// <summary>
/// A kind that this program does not know is taken for a conflict: a newer server may have one, and a batch whose
/// answer can't be read would be sent for ever.
/// </summary>
public sealed class RefusalKindConverter : JsonConverter<RefusalKind>
{
    public override RefusalKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        EnumText.Read<RefusalKind>(reader.GetString()) ?? RefusalKind.Conflict;

    public override void Write(Utf8JsonWriter writer, RefusalKind value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Text());
}

/// <summary>A change that was not simply taken, and why.</summary>
/// <param name="Sequence">The change's own <see cref="Change.Sequence"/>.</param>
/// <param name="Column">The column in conflict, or null.</param>
/// <param name="Reason">One sentence for the owner.</param>
public sealed record Refusal(long Sequence, RefusalKind Kind, string? Column, string Reason);

/// <summary>The server's answer to one batch; stored with it, so that a repeat gets the same.</summary>
/// <param name="Version">The shop's version that the batch's rows were stamped with; 0 when
/// nothing was written.</param>
public sealed record BatchAnswer(Guid Id, long Sequence, long Version, IReadOnlyList<Refusal> Refusals);
