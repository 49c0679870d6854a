using Microsoft.Data.Sqlite;
using Sak.Agent.Database;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>
/// The table of the lease: who answers the shop's number, as far as this PC knows. Stored, so that a restart does
/// not forget it.
/// </summary>
/// <param name="Device">This PC's name on the server.</param>
/// <param name="Number">The shop's phone number; empty until WhatsApp gives it.</param>
/// <param name="Holder">Another PC that answers; empty when none is known.</param>
public sealed record LeaseState(string Device, string Number, string Holder)
{
    /// <summary>The other PC's name.</summary>
    public string HolderName => Holder[(Holder.IndexOf('@') + 1)..];

    public static Task<LeaseState> ReadAsync(ReplicaDb db, CancellationToken cancel) => db.ReadAsync(Read, cancel);

    public Task SaveAsync(ReplicaDb db, CancellationToken cancel) => db.WriteAsync(
        connection =>
        {
            connection.Execute(
                "INSERT INTO lease (one, number, holder) VALUES (1, $number, $holder) ON CONFLICT (one) DO UPDATE SET "
                    + "number = excluded.number, holder = excluded.holder",
                ("$number", Number), ("$holder", Holder));
        },
        cancel);

    internal static LeaseState Read(SqliteConnection connection)
    {
        // With the machine's name: a data folder that was copied to another PC is another PC.
        var device = $"{connection.Scalar<string>("SELECT id FROM replica")}@{Environment.MachineName}";
        if (device.Length > LeaseRequest.MaxDevice) device = device[..LeaseRequest.MaxDevice];
        return connection.List("SELECT number, holder FROM lease",
            row => new LeaseState(device, row.GetString(0), row.GetString(1))).SingleOrDefault()
            ?? new LeaseState(device, "", "");
    }
}
