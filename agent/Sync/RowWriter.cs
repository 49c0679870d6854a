using System.Text.Json;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using static SQLitePCL.raw;

namespace Sak.Agent.Sync;

/// <summary>
/// Puts rows of one table and one set of columns into the replica, from the bytes of their JSON lines into one prepared
/// statement: nothing is made of them in between.
/// </summary>
internal sealed class RowWriter : IDisposable
{
    private readonly sqlite3 _database;
    private readonly bool _expectsNew;
    private readonly sqlite3_stmt _likely;
    private readonly string _otherwise;
    private readonly int[] _header;
    private readonly int[] _places;
    private sqlite3_stmt? _upsert;
    private byte[] _scratch = new byte[4096];

    /// <param name="expectsNew">
    /// Of a first load hardly any row is here: each is inserted. Later nearly all are here, and what they are found by
    /// is seldom what changed: each is updated without touching an index. Only for the others comes the upsert, which
    /// does both.
    /// </param>
    /// <param name="indexed">Columns by which rows are found.</param>
    public RowWriter(sqlite3 database, WireColumns columns, bool expectsNew, IReadOnlySet<string> indexed)
    {
        _database = database;
        _header = columns.Indexes;
        _expectsNew = expectsNew;
        var table = columns.Table!;
        var names = columns.Known.Select(c => table.Columns[c].Name).Append("ver").ToList();
        var insert =
            $"INSERT INTO {table.Name} ({string.Join(", ", names)}) VALUES "
                + $"({string.Join(", ", names.Select((_, i) => $"?{i + 1}"))})";
        _likely = Prepare(expectsNew ? insert : Update(table, names, indexed));
        _otherwise =
            $"{insert} ON CONFLICT (id) DO UPDATE SET {string.Join(", ", names.Skip(1).Select(n => $"{n} = excluded.{n}"))}";
        // Where each value of a line goes: parameters count from 1, a column that is not known here goes nowhere.
        var known = 0;
        _places = [names.Count, .. columns.Indexes.Select(i => i < 0 ? 0 : ++known)];
    }

    /// <summary>True when rows of these columns of its table can be put by it.</summary>
    public bool Fits(WireColumns columns, bool expectsNew) =>
        _expectsNew == expectsNew && _header.AsSpan().SequenceEqual(columns.Indexes);

    /// <summary>
    /// A line as <see cref="AnswerWriter"/> writes it: the version, then a value for each column of the header.
    /// </summary>
    public void Put(ReadOnlySpan<byte> line)
    {
        var code = Run(_likely, line);
        if (_expectsNew ? code == SQLITE_CONSTRAINT : code == SQLITE_DONE && sqlite3_changes(_database) == 0)
            code = Run(_upsert ??= Prepare(_otherwise), line);
        if (code != SQLITE_DONE) throw Failed();
    }

    public void Dispose()
    {
        _likely.Dispose();
        _upsert?.Dispose();
    }

    private static string Update(Table table, List<string> names, IReadOnlySet<string> indexed)
    {
        var places = names.Select((name, i) => (Name: name, Place: $"?{i + 1}"))
            .ToLookup(n => indexed.Contains(n.Name), n => $"{n.Name} = {n.Place}");
        return $"UPDATE {table.Name} SET {string.Join(", ", places[false])} WHERE {string.Join(" AND ", places[true])}";
    }

    private sqlite3_stmt Prepare(string sql) =>
        sqlite3_prepare_v2(_database, sql, out var statement) == SQLITE_OK ? statement : throw Failed();

    private int Run(sqlite3_stmt statement, ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line);
        json.Read();
        foreach (var place in _places)
        {
            if (!json.Read() || json.TokenType == JsonTokenType.EndArray)
                throw new InvalidDataException("A row has too few values.");
            if (place > 0) Bind(statement, place, ref json);
        }

        if (!json.Read() || json.TokenType != JsonTokenType.EndArray)
            throw new InvalidDataException("A row has too many values.");
        var code = sqlite3_step(statement);
        sqlite3_reset(statement);
        return code;
    }

    private void Bind(sqlite3_stmt statement, int place, ref Utf8JsonReader json)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Null:
                sqlite3_bind_null(statement, place);
                break;
            case JsonTokenType.Number when json.TryGetInt64(out var number):
                sqlite3_bind_int64(statement, place, number);
                break;
            case JsonTokenType.String when !json.ValueIsEscaped:
                sqlite3_bind_text(statement, place, json.ValueSpan);
                break;
            case JsonTokenType.String:
                if (_scratch.Length < json.ValueSpan.Length) _scratch = new byte[json.ValueSpan.Length];
                sqlite3_bind_text(statement, place, _scratch.AsSpan(0, json.CopyString(_scratch)));
                break;
            default:
                throw new InvalidDataException("A value is neither text, whole number nor null.");
        }
    }

    private SqliteException Failed() =>
        new(sqlite3_errmsg(_database).utf8_to_string(), sqlite3_errcode(_database),
            sqlite3_extended_errcode(_database));
}
