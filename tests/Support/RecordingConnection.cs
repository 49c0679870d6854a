using System.Collections;
using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;

namespace Sak.Tests.Support;

/// <summary>
/// A connection without a server that records each statement and returns the minimum that lets the caller continue.
/// </summary>
public sealed class RecordingConnection : DbConnection
{
    private ConnectionState _state = ConnectionState.Closed;

    public List<string> Statements { get; } = [];

    /// <summary>Returns results for statements that need more than the minimum; null for all others.</summary>
    public Func<string, DataTable?>? Knows { get; set; }

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string ConnectionString { get; set; } = "Server=nowhere";

    public override string Database => "nowhere";

    public override string DataSource => "nowhere";

    public override string ServerVersion => "13.00.0000";

    public override ConnectionState State => _state;

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    public override void Open() => _state = ConnectionState.Open;

    public override void Close() => _state = ConnectionState.Closed;

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) =>
        new Transaction(this, isolationLevel);

    protected override DbCommand CreateDbCommand() => new Command(this);

    /// <summary>One row with one value for statements that need one, otherwise no row.</summary>
    private DataTable Answer(string sql)
    {
        Statements.Add(sql);
        if (Knows?.Invoke(sql) is { } known) return known;
        var table = new DataTable();
        object? value = sql switch
        {
            _ when sql.Contains("SELECT version", StringComparison.Ordinal) => 1L,
            _ when sql.Contains("SELECT MAX(", StringComparison.Ordinal)
                && !sql.Contains("GROUP BY", StringComparison.Ordinal) => 7L,
            _ when sql.Contains("WHEN EXISTS", StringComparison.Ordinal) => true,
            _ => null,
        };
        table.Columns.Add("value", value?.GetType() ?? typeof(long));
        if (sql.Contains("SELECT version, floor", StringComparison.Ordinal))
            table.Columns.Add("floor", typeof(long)).DefaultValue = 0L;
        if (value is not null) table.Rows.Add(value);
        return table;
    }

    private sealed class Transaction(DbConnection connection, IsolationLevel level) : DbTransaction
    {
        public override IsolationLevel IsolationLevel => level;

        protected override DbConnection DbConnection => connection;

        public override void Commit()
        {
        }

        public override void Rollback()
        {
        }
    }

    private sealed class Command(RecordingConnection connection) : DbCommand
    {
        [System.Diagnostics.CodeAnalysis.AllowNull]
        public override string CommandText { get; set; } = "";

        public override int CommandTimeout { get; set; }

        public override CommandType CommandType { get; set; }

        public override bool DesignTimeVisible { get; set; }

        public override UpdateRowSource UpdatedRowSource { get; set; }

        protected override DbConnection? DbConnection { get; set; } = connection;

        protected override DbParameterCollection DbParameterCollection { get; } = new Parameters();

        protected override DbTransaction? DbTransaction { get; set; }

        public override void Cancel()
        {
        }

        public override void Prepare()
        {
        }

        public override int ExecuteNonQuery()
        {
            connection.Answer(CommandText);
            return 1;
        }

        public override object? ExecuteScalar()
        {
            var answer = connection.Answer(CommandText);
            return answer.Rows.Count > 0 ? answer.Rows[0][0] : 0L;
        }

        protected override DbParameter CreateDbParameter() => new SqlParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) =>
            connection.Answer(CommandText).CreateDataReader();
    }

    private sealed class Parameters : DbParameterCollection
    {
        private readonly List<object> _all = [];

        public override int Count => _all.Count;

        public override object SyncRoot => _all;

        public override int Add(object value)
        {
            _all.Add(value);
            return _all.Count - 1;
        }

        public override void AddRange(Array values) => _all.AddRange(values.Cast<object>());

        public override void Clear() => _all.Clear();

        public override bool Contains(object value) => _all.Contains(value);

        public override bool Contains(string value) => false;

        public override void CopyTo(Array array, int index) => ((ICollection)_all).CopyTo(array, index);

        public override IEnumerator GetEnumerator() => _all.GetEnumerator();

        public override int IndexOf(object value) => _all.IndexOf(value);

        public override int IndexOf(string parameterName) => -1;

        public override void Insert(int index, object value) => _all.Insert(index, value);

        public override void Remove(object value) => _all.Remove(value);

        public override void RemoveAt(int index) => _all.RemoveAt(index);

        public override void RemoveAt(string parameterName) => throw new NotSupportedException();

        protected override DbParameter GetParameter(int index) => (DbParameter)_all[index];

        protected override DbParameter GetParameter(string parameterName) => throw new NotSupportedException();

        protected override void SetParameter(int index, DbParameter value) => _all[index] = value;

        protected override void SetParameter(string parameterName, DbParameter value) =>
            throw new NotSupportedException();
    }
}
