using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Sak.Tests.Support;

/// <param name="Old">By column; null where the session did not record it.</param>
/// <param name="New">By column; null where it is unchanged.</param>
public sealed record SessionChange(string Table, string Op, IReadOnlyList<SqliteValue?> Old,
    IReadOnlyList<SqliteValue?> New);

/// <summary>A value; text, a whole number or null.</summary>
public sealed record SqliteValue(object? Value);

/// <summary>
/// SQLite's own record of a connection's changes (the session extension): an oracle for SAK's triggers.
/// </summary>
public sealed class SqliteSession : IDisposable
{
    private const string Library = "e_sqlite3";
    private const int Row = 100;
    private readonly IntPtr _session;

    public SqliteSession(SqliteConnection connection, IEnumerable<string> tables)
    {
        Check(Create(connection.Handle!.DangerousGetHandle(), Utf8("main"), out _session));
        foreach (var table in tables) Check(Attach(_session, Utf8(table)));
    }

    /// <summary>True when the bundled SQLite was compiled with the extension.</summary>
    public static bool IsHere =>
        NativeLibrary.TryLoad(Library, typeof(SqliteConnection).Assembly, null, out var library)
            && NativeLibrary.TryGetExport(library, "sqlite3session_create", out _);

    /// <summary>The net change of every row since the session began.</summary>
    public List<SessionChange> Changes()
    {
        Check(Changeset(_session, out var length, out var bytes));
        var changes = new List<SessionChange>();
        try
        {
            Check(Start(out var at, length, bytes));
            while (Next(at) == Row)
            {
                Check(Op(at, out var table, out var columns, out var op, out _));
                changes.Add(new SessionChange(
                    Marshal.PtrToStringUTF8(table)!, op switch { 18 => "i", 23 => "u", _ => "d" },
                    Cells(at, columns, op != 18, Old), Cells(at, columns, op != 9, New)));
            }

            Check(Finalize(at));
        }
        finally
        {
            Free(bytes);
        }

        return changes;
    }

    public void Dispose() => Delete(_session);

    private static List<SqliteValue?> Cells(IntPtr at, int columns, bool are, Reader read) =>
        [.. Enumerable.Range(0, columns).Select(i =>
        {
            var value = IntPtr.Zero;
            if (are) Check(read(at, i, out value));
            return value == IntPtr.Zero ? null : new SqliteValue(Value(value));
        })];

    private static object? Value(IntPtr value) =>
        Type(value) switch
        {
            1 => Number(value),
            5 => null,
            _ => Marshal.PtrToStringUTF8(Text(value)),
        };

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static void Check(int code)
    {
        if (code != 0) throw new InvalidOperationException($"SQLite's session extension answered {code}.");
    }

    private delegate int Reader(IntPtr at, int column, out IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3session_create")]
    private static extern int Create(IntPtr database, byte[] name, out IntPtr session);

    [DllImport(Library, EntryPoint = "sqlite3session_attach")]
    private static extern int Attach(IntPtr session, byte[] table);

    [DllImport(Library, EntryPoint = "sqlite3session_delete")]
    private static extern void Delete(IntPtr session);

    [DllImport(Library, EntryPoint = "sqlite3session_changeset")]
    private static extern int Changeset(IntPtr session, out int length, out IntPtr bytes);

    [DllImport(Library, EntryPoint = "sqlite3changeset_start")]
    private static extern int Start(out IntPtr at, int length, IntPtr bytes);

    [DllImport(Library, EntryPoint = "sqlite3changeset_next")]
    private static extern int Next(IntPtr at);

    [DllImport(Library, EntryPoint = "sqlite3changeset_op")]
    private static extern int Op(IntPtr at, out IntPtr table, out int columns, out int op, out int indirect);

    [DllImport(Library, EntryPoint = "sqlite3changeset_old")]
    private static extern int Old(IntPtr at, int column, out IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3changeset_new")]
    private static extern int New(IntPtr at, int column, out IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3changeset_finalize")]
    private static extern int Finalize(IntPtr at);

    [DllImport(Library, EntryPoint = "sqlite3_value_type")]
    private static extern int Type(IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3_value_int64")]
    private static extern long Number(IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3_value_text")]
    private static extern IntPtr Text(IntPtr value);

    [DllImport(Library, EntryPoint = "sqlite3_free")]
    private static extern void Free(IntPtr memory);
}
