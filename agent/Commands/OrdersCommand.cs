using System.CommandLine;
using Sak.Agent.Store;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>orders: what was ordered, newest first.</summary>
internal static class OrdersCommand
{
    public static Command Create()
    {
        var command = new Command("orders", "Shows the newest orders on this PC, and which of them the cloud has.");
        command.Run(async (_, settings, cancel) =>
        {
            await using var db = ReplicaDb.Open(settings.DatabaseFile, TimeProvider.System);
            var table = new Table().RoundedBorder().AddColumns("Order", "When", "Customer", "What", "Total", "Status", "In the cloud");
            foreach (var row in await db.ReadAsync(StatusQuery.Orders, cancel))
                table.AddRow(row.Number, row.PlacedAt.LocalDateTime.ToString("yyyy-MM-dd HH:mm"), row.Customer.EscapeMarkup(), row.Lines.EscapeMarkup(), row.Total, row.Status, row.Synced ? "yes" : "not yet");
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }
}
