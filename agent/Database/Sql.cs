using System.Text.Json;
using Microsoft.Data.Sqlite;
using Sak.Sync.Model;

namespace Sak.Agent.Database;

/// <summary>
/// Short ways to run one statement. Parameters are given as they are: null becomes NULL, a <see cref="Guid"/> text, a
/// time Unix milliseconds, an enum its name in lower case, a list of texts JSON for json_each.
/// </summary>
internal static class Sql
{
    public static int Execute(this SqliteConnection connection, string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public static T Scalar<T>(this SqliteConnection connection, string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        var value = command.ExecuteScalar();
        return value is null or DBNull
            ? default!
            : (T)Convert.ChangeType(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T),
                System.Globalization.CultureInfo.InvariantCulture);
    }

    public static List<T> List<T>(this SqliteConnection connection, string sql, Func<SqliteDataReader, T> read,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(read(reader));
        return rows;
    }

    public static SqliteCommand Command(this SqliteConnection connection, string sql,
        params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, Stored(value));
        return command;
    }

    // How a value is stored: the one place that says so, with the readers at the end of this file.
    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToString(),
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        Enum state => EnumText.Of(state),
        IEnumerable<string> list => JsonSerializer.Serialize(list),
        _ => value,
    };

    public static DateTimeOffset Time(this SqliteDataReader reader, int column) =>
        DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    public static Guid Id(this SqliteDataReader reader, int column) => Guid.Parse(reader.GetString(column));

    /// <summary>A state or kind, stored as its name in lower case.</summary>
    public static T State<T>(this SqliteDataReader reader, int column) where T : struct, Enum =>
        EnumText.Read<T>(reader.GetString(column))
            ?? throw new InvalidDataException($"\"{reader.GetString(column)}\" is no {typeof(T).Name}");
}
