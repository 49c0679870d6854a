using System.CommandLine;

namespace Sak.Server.Commands;

/// <summary>The commands and their help. Settings go after any command as --Section:Name value.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var (words, settings) = Split(args);
        var parsed = Root(settings).Parse(words);
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine("See sak-server --help.");
        return 2;
    }

    internal static RootCommand Root(string[] settings)
    {
        var root = new RootCommand(
            """
            The cloud side of SAK: answers customers' messages, keeps a copy of every shop, exports for the accountant.

            First time:
              sak-server shop add "Asha Stores" --currency INR     makes a shop and shows its device key, once
              sak-server                                           serves on http://127.0.0.1:5080 with a SQLite file
              then put the address and the key into the agent's settings.

            Settings come from appsettings.json, from environment variables (SAK_Database__Engine) or from here
            (--Database:Engine postgres):
              Server:Address        where to listen                          http://127.0.0.1:5080
              Server:DataFolder     where the SQLite file is                 sak-data
              Database:Engine       sqlite, postgres or sqlserver            sqlite
              Database:Connection   connection string                        sak-server.db in the data folder
              Model:Provider        none, openai (any compatible), anthropic none
              Model:Endpoint        address of the model's API               the provider's own
              Model:Key, :Name      key and name of the model
              Model:Seconds, :MaxToolRounds, :MaxOutputTokens, :TokensPerDay    bounds: 20, 5, 1000, 500000 a shop
              Model:StrictJson      hold the model to a JSON schema          false
            """);
        root.SetAction((_, cancel) => Serve.RunAsync(settings, cancel));
        var serve = new Command("serve", "Serves until it is stopped (the default).");
        serve.SetAction((_, cancel) => Serve.RunAsync(settings, cancel));
        var migrate = new Command("migrate", "Brings the database to this program's version; serve does so too.");
        migrate.SetAction((_, cancel) => Serve.MigrateAsync(settings, cancel));
        root.Add(serve);
        root.Add(migrate);
        root.Add(Shop(settings));
        root.Add(Key(settings));
        root.Add(Usage(settings));
        return root;
    }

    private static Command Shop(string[] settings)
    {
        var name = new Argument<string>("name") { Description = "The shop's name, as the accountant knows it." };
        var currency = new Option<string>("--currency")
        {
            Description = "Currency code of prices and orders, for example INR.",
            Required = true,
        };
        var inclusive = new Option<bool>("--tax-inclusive") { Description = "Catalog prices contain the tax." };
        var phone = new Option<string>("--phone")
        {
            Description = "The shop's own number, digits.",
            DefaultValueFactory = _ => "",
        };
        var json = Json();
        var add = new Command("add", "Makes a shop and shows its device key, once.") { name, currency, inclusive,
            phone, json };
        add.SetAction((p, cancel) => ShopCommands.AddAsync(
            settings, p.GetValue(name)!, p.GetValue(currency)!, p.GetValue(inclusive), p.GetValue(phone)!,
            p.GetValue(json), cancel));
        var listJson = Json();
        var list = new Command("list", "Shows the shops and their ids.") { listJson };
        list.SetAction((p, cancel) => ListCommands.ShopsAsync(settings, p.GetValue(listJson), cancel));
        return new Command("shop", "Shops of this server.") { add, list };
    }

    private static Command Key(string[] settings)
    {
        var shop = new Option<string>("--shop") { Description = "The shop's name or id.", Required = true };
        var role = new Option<string>("--role")
        {
            Description = "device, owner, accountant or operator.",
            Required = true,
        };
        var json = Json();
        var add = new Command("add", "Makes a key and shows it, once.") { shop, role, json };
        add.SetAction(
            (p, cancel) =>
                ShopCommands.AddKeyAsync(settings, p.GetValue(shop)!, p.GetValue(role)!, p.GetValue(json), cancel));
        var id = new Argument<string>("id") { Description = "The middle part of sak_<id>_<secret>." };
        var revoke = new Command("revoke", "Revokes a key at once.") { id };
        revoke.SetAction((p, cancel) => ShopCommands.RevokeAsync(settings, p.GetValue(id)!, cancel));
        var listJson = Json();
        var list = new Command("list", "Shows the keys' ids, roles and shops, never their secrets.") { listJson };
        list.SetAction((p, cancel) => ListCommands.KeysAsync(settings, p.GetValue(listJson), cancel));
        return new Command("key", "Keys of devices and people.") { add, list, revoke };
    }

    private static Command Usage(string[] settings)
    {
        var shop = new Option<string?>("--shop") { Description = "The shop's name or id; all shops without it." };
        var days = new Option<int>("--days")
        {
            Description = "How many days (UTC), today included.",
            DefaultValueFactory = _ => 7,
        };
        days.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 1 or > 3_660) given.AddError("--days takes 1 to 3660.");
        });
        var json = Json();
        var usage = new Command("usage",
            "Shows what the model and the reader answered a day, and the tokens that it took.") { shop, days, json };
        usage.SetAction((p, cancel) =>
            UsageCommand.RunAsync(settings, p.GetValue(shop), p.GetValue(days), p.GetValue(json), cancel));
        return usage;
    }

    private static Option<bool> Json() => new("--json") { Description = "Print one JSON object, for scripts." };

    // A setting has a colon in its name ("--Database:Engine x", "--Database:Engine=x"); every other option belongs
    // to a command.
    private static (string[] Words, string[] Settings) Split(string[] args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=')[0];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':'))
            {
                words.Add(args[i]);
                continue;
            }

            var isValueNext = !args[i].Contains('=') && i + 1 < args.Length
                && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            settings.Add(isValueNext ? $"{args[i]}={args[++i]}" : args[i]);
        }

        return ([.. words], [.. settings]);
    }
}
