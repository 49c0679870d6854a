using Microsoft.Data.Sqlite;

namespace Sak.Agent.Database;

/// <summary>
/// What other rooms do to the file, given from outside because they use the database themselves. Each part runs inside
/// the transaction of its moment.
/// </summary>
/// <param name="Create">After the tables of the first version are made in an empty file.</param>
/// <param name="BeforeUpgrade">Before a file is brought to the form of this program.</param>
/// <param name="AfterUpgrade">When it has that form.</param>
/// <param name="BeforeCommit">After the rows of each write.</param>
internal sealed record ReplicaParts(Action<SqliteConnection> Create, Action<SqliteConnection> BeforeUpgrade,
    Action<SqliteConnection> AfterUpgrade, Action<SqliteConnection> BeforeCommit);
