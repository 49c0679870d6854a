using System.CommandLine;
using Sak.Agent.Catalog;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>catalog import FILE, catalog list: maintains the catalog without a server.</summary>
internal static class CatalogCommand
{
    public static Command Create() => new("catalog", "The products on this PC.") { Import(), List() };

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description =
                "CSV in UTF-8 with the columns sku,name,aliases,unit,pack,price and optionally tax_rate,stock,active.",
        };
        var command = new Command("import",
            "Reads products from a CSV file: new ones are added, known ones (by sku) changed. All or nothing.")
                { file };
        command.Run(async (line, settings, cancel) =>
        {
            using var text = await CsvFile.ReadAsync(line.GetRequiredValue(file), cancel);
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            var (added, changed) = await CatalogImport.RunAsync(db, text, settings.Shop.Currency, TimeProvider.System,
                cancel);
            await Console.Out.WriteLineAsync($"{added} products added, {changed} changed.");
            return 0;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Shows the products for sale.");
        command.Run(async (_, settings, cancel) =>
        {
            await using var db = OpenReplica.At(settings.DatabaseFile, TimeProvider.System);
            var table = new Table().RoundedBorder().AddColumns("SKU", "Product", "Price", "Unit", "Packs", "On hand");
            foreach (var row in await db.ReadAsync(StatusQuery.Catalog, cancel))
                table.AddRow(row.Sku.Shown(), row.Name.Shown(), row.Price, row.Unit.Shown(), row.Packs.Shown(),
                    row.OnHand);
            AnsiConsole.Write(table);
            return 0;
        });
        return command;
    }
}
