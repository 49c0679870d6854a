using System.CommandLine;
using Sak.Agent.Catalog;
using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>
/// orders: lists orders, newest first, and the drafts that wait for the owner; confirms, corrects or drops a draft.
/// Also works while the shop is open.
/// </summary>
internal static class OrdersCommand
{
    public static Command Create()
    {
        var command = new Command("orders",
            "Shows the newest orders on this PC, which of them the cloud has, and the drafts that wait for you.")
        {
            Decide("confirm", "Makes a draft an order at today's prices and tells the customer.",
                (desk, number, cancel) => desk.ConfirmAsync(number, cancel)),
            Decide("drop", "Throws a draft away.", (desk, number, cancel) => desk.DropAsync(number, cancel)),
            Correct(),
        };
        command.Run(async (_, settings, cancel) =>
        {
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            AnsiConsole.Write(await NewestAsync(db, cancel));
            if (await DraftsAsync(Desk(db, settings), cancel) is { Rows.Count: > 0 } drafts) AnsiConsole.Write(drafts);
            return 0;
        });
        return command;
    }

    private static OwnerDesk Desk(ReplicaDb db, AgentSettings settings) =>
        new(db, new OfflineReplier(new CatalogIndex(db.OpenReader)), TakingRules.Of(settings), Pace.Of(settings.Send),
            TimeProvider.System);

    private static async Task<Table> NewestAsync(ReplicaDb db, CancellationToken cancel)
    {
        var table = new Table().RoundedBorder()
            .AddColumns("Order", "When", "Customer", "What", "Total", "Status", "In the cloud");
        foreach (var row in await db.ReadAsync(StatusQuery.Orders, cancel))
            table.AddRow(row.Number.Shown(), row.PlacedAt.LocalDateTime.ToString("yyyy-MM-dd HH:mm"),
                row.Customer.Shown(), row.Lines.Shown(), row.Total, row.Status.Shown(), row.Synced ? "yes" : "not yet");
        return table;
    }

    private static async Task<Table> DraftsAsync(OwnerDesk desk, CancellationToken cancel)
    {
        var table = new Table().RoundedBorder().AddColumns("Draft", "Customer", "What", "Total now");
        foreach (var (number, customer, what, total) in await desk.DraftsAsync(cancel)) table.AddRow(number,
            customer.Shown(), what.Shown(), total);
        return table;
    }

    private static Command Decide(string name, string description,
        Func<OwnerDesk, string, CancellationToken, Task<DeskAnswer>> act)
    {
        var number = new Argument<string>("number") { Description = "The draft's number, for example D-3." };
        var command = new Command(name, description) { number };
        command.Run((line, settings, cancel) => ActAsync(settings, desk => act(desk, line.GetValue(number)!, cancel)));
        return command;
    }

    private static Command Correct()
    {
        var number = new Argument<string>("number") { Description = "The draft's number, for example D-3." };
        var words = new Argument<string>("words")
        {
            Description = "What is to change, as a customer would say it: \"3 oil, no salt\".",
        };
        var command = new Command("correct", "Changes a draft by words.") { number, words };
        command.Run(
            (line, settings, cancel) =>
                ActAsync(settings, desk => desk.CorrectAsync(line.GetValue(number)!, line.GetValue(words)!, cancel)));
        return command;
    }

    private static async Task<int> ActAsync(AgentSettings settings, Func<OwnerDesk, Task<DeskAnswer>> act)
    {
        await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
        var answer = await act(Desk(db, settings));
        if (!answer.Done) throw new CommandException(answer.Says);
        await Console.Out.WriteLineAsync(TerminalText.Lines(answer.Says));
        return 0;
    }
}
