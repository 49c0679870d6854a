using System.CommandLine;
using Sak.Agent.Chats;
using Sak.Agent.Orders;
using Sak.Agent.Settings;
using Sak.Agent.Sync;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>
/// words list, words set, words forget: the customers' own names of products, learned from confirmed orders.
/// </summary>
internal static class WordsCommand
{
    public static Command Create() =>
        new("words", "The customers' own words for products.") { List(), Set(), Forget() };

    private static Argument<string> Customer() =>
        new("customer") { Description = "The customer's phone number or name." };

    private static Argument<string> Phrase() =>
        new("phrase") { Description = "The customer's words, in quotes: \"soap\"." };

    private static Command List()
    {
        var command = new Command("list", "Shows every customer's own words and what they mean.");
        command.Run(async (_, settings, cancel) =>
        {
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            var table = new Table().RoundedBorder().AddColumns("Customer", "Phone", "Words", "Mean");
            foreach (var customer in await db.ReadAsync(Customers.WithWords, cancel))
                foreach (var (phrase, sku) in customer.Words) table.AddRow(customer.Name.Shown(),
                    customer.Phone.Shown(), phrase.Shown(), sku.Shown());
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var (customer, phrase, sku) = (Customer(), Phrase(),
            new Argument<string>("sku") { Description = "The product that they mean." });
        var command = new Command("set", "Says what a customer's words mean from now on.") { customer, phrase, sku };
        command.Run(
            (line, settings, cancel) =>
                ChangeAsync(settings, line.GetRequiredValue(customer), line.GetRequiredValue(phrase),
                    line.GetRequiredValue(sku), cancel));
        return command;
    }

    private static Command Forget()
    {
        var (customer, phrase) = (Customer(), Phrase());
        var command = new Command("forget",
            "Forgets a customer's words; SAK asks about them again the next time.") { customer, phrase };
        command.Run(
            (line, settings, cancel) =>
                ChangeAsync(settings, line.GetRequiredValue(customer), line.GetRequiredValue(phrase), null, cancel));
        return command;
    }

    private static async Task<int> ChangeAsync(AgentSettings settings, string customer, string phrase, string? sku,
        CancellationToken cancel)
    {
        await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
        var answer = await db.WriteAsync(
            connection => CustomerWords.Change(connection, customer, phrase, sku), cancel);
        if (!answer.Done) throw new CommandException(answer.Says);
        await Console.Out.WriteLineAsync(TerminalText.Lines(answer.Says));
        return 0;
    }
}
