using System.CommandLine;
using Sak.Agent.Catalog;
using Sak.Agent.Sync;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>
/// prices import FILE, prices list: special prices, discounts, and whether a product's price includes its tax.
/// </summary>
internal static class PricesCommand
{
    public static Command Create() =>
        new("prices", "Prices by quantity, pack, customer or date, discounts of an order, tax by product.") { Import(),
            List() };

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description =
                "CSV with the columns kind,sku,pack,customer,from_quantity,price,percent,cap,from_amount,from,until. "
                    + "OWNER.md shows an example.",
        };
        var command = new Command("import",
            "Replaces the shop's rules by those of the file: new ones begin, missing ones end. All or nothing.")
                { file };
        command.Run(async (line, settings, cancel) =>
        {
            using var text = await CsvFile.ReadAsync(line.GetRequiredValue(file), cancel);
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            var (begun, ended) = await PriceRuleImport.RunAsync(db, text, settings.Shop.Currency, TimeProvider.System,
                cancel);
            await Console.Out.WriteLineAsync($"{begun} rules begin, {ended} end.");
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Shows the rules that hold or will hold.");
        command.Run(async (_, settings, cancel) =>
        {
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            var table = new Table().RoundedBorder().AddColumns("Kind", "SKU", "For", "Says", "From", "Until");
            foreach (var row in await db.ReadAsync(
                c => PriceRuleRows.Shown(c, settings.Shop.Currency, TimeProvider.System.GetUtcNow()), cancel))
                table.AddRow([.. row.Select(cell => cell.Shown())]);
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }
}
