using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sak.Agent.Settings;
using Sak.Tools;

namespace Sak.Tests.Agent.Settings;

public sealed class AgentSettingsTests : IDisposable
{
    private static readonly Dictionary<string, string> NoVariables = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("sak-settings-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_first_run_without_any_file_works_with_defaults()
    {
        var settings = Good(Load());

        Assert.Equal("My shop", settings.Shop.Name);
        Assert.Equal("https://web.whatsapp.com/", settings.WhatsApp.Address.ToString());
        Assert.Null(settings.Cloud.Address);
        Assert.Equal(TimeSpan.FromSeconds(8), settings.Cloud.ReplyTime);
        Assert.Equal(TimeSpan.FromSeconds(6), settings.Turns.Quiet);
        Assert.Equal(Path.Combine(settings.DataFolder, "profile"), settings.WhatsApp.ProfileFolder);
        Assert.Equal(Path.Combine(settings.DataFolder, "logs"), settings.Log.Folder);
        Assert.True(Path.IsPathRooted(settings.DataFolder));
        Assert.Equal(LogLevel.Information, settings.Log.Level);
        Assert.Equal("", settings.SettingsFile);
    }

    [Fact]
    public void The_command_line_wins_over_variables_and_variables_over_the_file()
    {
        WriteFile("""{ "Shop": { "Name": "File", "Phone": "1", "Hours": "9-5" } }""");
        var variables = new Dictionary<string, string> { ["SAK_Shop__Name"] = "Variable", ["SAK_Shop__Phone"] = "2",
            ["PATH"] = "/bin" };

        var shop = Good(Load(["--Shop:Name=Line"], variables)).Shop;

        Assert.Equal(("Line", "2", "9-5"), (shop.Name, shop.Phone, shop.Hours));
    }

    [Fact]
    public void Another_file_is_named_on_the_command_line_and_relative_folders_are_meant_from_the_working_folder()
    {
        File.WriteAllText(Path.Combine(_folder, "other.json"),
            """{ "Agent": { "DataFolder": "data" }, "WhatsApp": { "Browser": "./bin/chromium" } }""");

        var settings = Good(Load(["--settings", "other.json", "--Shop:Name", "Two words"]));

        Assert.Equal(Path.Combine(_folder, "data"), settings.DataFolder);
        Assert.Equal(Path.Combine(_folder, "bin", "chromium"), settings.WhatsApp.Browser);
        Assert.Equal("Two words", settings.Shop.Name);
        Assert.Equal(Path.Combine(_folder, "other.json"), settings.SettingsFile);
    }

    // How each fault of the file below begins.
    private static readonly string[] Expected =
    [
        "\"--no-tuii\" is not an option. See --help;",
        "Shop:Nmae in appsettings.json is not a setting. Did you mean Shop:Name?",
        "Shop:Currency in appsettings.json is \"rupees\", which is no ISO 4217 currency. Write the three capital "
            + "letters",
        "Shop:TaxInclusive in appsettings.json is \"maybe\", but must be true or false.",
        "Shop:OrderSeries in appsettings.json is \"A-1!\", but must be 1 to 8 letters or digits.",
        "Cloud:Address in appsettings.json is \"http://shop.example:5080\", but http to another computer can be "
            + "read by anyone on the way. Use https://shop.example:5080.",
        "Cloud:ReplySeconds in appsettings.json is \"soon\", but must be a number. Write a number such as 8",
        "Cloud:SyncSeconds in appsettings.json is -3, but must be from 1 to 86400. Leave it out to get 15.",
        "QuietSeconds in appsettings.json is not a setting. Did you mean Turns:QuietSeconds?",
        "Turns in appsettings.json is not a setting. It is a group:",
        "WhatsApp:Browser in appsettings.json is \"crome\", which is no browser that SAK knows. Did you mean "
            + "chrome?",
        "WhatsApp:Address in appsettings.json is \"web.whatsapp.com\", which is no web address.",
        "Log:Level in appsettings.json is \"informaton\", which is no level. Did you mean information?",
        "--Turns:LateMinutes is -1, but must be from 1 to 10080.",
        "SAK_Cloud__Adress is not a setting. Did you mean Cloud:Address?",
        "SAK_Cloud_Key is not read. Write two underscores: SAK_Cloud__Key.",
    ];

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_place_and_its_fix()
    {
        WriteFile("""
            { // a file with much wrong
              "Shop": { "Nmae": "x", "Currency": "rupees", "TaxInclusive": "maybe", "OrderSeries": "A-1!" },
              "Cloud": { "Address": "http://shop.example:5080", "Key": "k", "ReplySeconds": "soon", "SyncSeconds": -3 },
              "QuietSeconds": 4,
              "Turns": 7,
              "WhatsApp": { "Browser": "crome", "Address": "web.whatsapp.com" },
              "Log": { "Level": "informaton" },
            }
            """);

        var loaded = Load(["--Turns:LateMinutes=-1", "--no-tuii"],
            new() { ["SAK_Cloud__Adress"] = "x", ["SAK_Cloud_Key"] = "y" });

        Assert.Null(loaded.Settings);
        var faults = loaded.Faults.Select(f => f.ToString()).ToList();
        foreach (var start in Expected) Assert.Contains(faults, f => f.StartsWith(start, StringComparison.Ordinal));
        Assert.Equal(Expected.Length, faults.Count);
    }

    [Fact]
    public void A_key_without_an_address_and_an_address_without_a_key_are_faults()
    {
        Assert.StartsWith("Cloud:Address is missing, but Cloud:Key is set.",
            Assert.Single(Load(["--Cloud:Key=secret-7"]).Faults).ToString());
        Assert.StartsWith("Cloud:Key is missing, but Cloud:Address is set.",
            Assert.Single(Load(["--Cloud:Address=https://a.example"]).Faults).ToString());
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("https://shop.example")]
    public void Http_is_for_this_computer_only_and_https_for_all(string address) =>
        Assert.Equal(new Uri(address), Good(Load([$"--Cloud:Address={address}", "--Cloud:Key=k"])).Cloud.Address);

    [Theory]
    [InlineData("https://shop.example/foo")]
    [InlineData("https://shop.example/?a=b")]
    public void An_address_of_the_cloud_with_a_path_is_a_fault(string address) =>
        Assert.Contains("but holds a path. Write only https://shop.example.",
            Assert.Single(Load([$"--Cloud:Address={address}", "--Cloud:Key=k"]).Faults).ToString());

    [Theory]
    [InlineData("Send:QuietTo is missing", "--Send:QuietFrom=22:00")]
    [InlineData("Send:QuietFrom is missing", "--Send:QuietTo=07:00")]
    [InlineData("the same as Send:QuietFrom", "--Send:QuietFrom=22:00", "--Send:QuietTo=22:00")]
    [InlineData("is no phone number", "--Shop:Phone=abc")]
    public void What_would_be_off_in_silence_is_a_fault(string fault, params string[] args) =>
        Assert.Contains(fault, Assert.Single(Load(args).Faults).ToString());

    [Theory]
    [InlineData("catalog import --Agent:DataFolder=X c.csv", "catalog import c.csv", "--Agent:DataFolder=X")]
    [InlineData("--Agent:DataFolder X catalog list", "catalog list", "--Agent:DataFolder=X")]
    [InlineData("--settings s.json --Shop:Name=a=b", "", "--Shop:Name=a=b --settings=s.json")]
    [InlineData("bridge update --registry http://r --Agent:DataFolder=X", "bridge update --registry http://r",
        "--Agent:DataFolder=X")]
    public void A_setting_may_stand_anywhere_on_the_line(string given, string words, string settings)
    {
        var (own, rest) = AgentSettingsOption.Split(given.Split(' '));
        var command = new Command("any") { new Argument<string[]>("words"), new Option<string>("--registry") };
        command.TakeSettings();

        Assert.Equal(words, string.Join(' ', own));
        Assert.Equal(settings, string.Join(' ', AgentSettingsOption.Arguments(command.Parse([.. own, .. rest]))));
    }

    [Fact]
    public void A_broken_file_is_told_with_its_line()
    {
        WriteFile("{\n  \"Shop\": {\n    \"Name\": \"x\"\n    \"Phone\": \"1\"\n  }\n}");

        var fault = Assert.Single(Load().Faults).ToString();

        Assert.StartsWith($"{Path.Combine(_folder, "appsettings.json")}, line 4, is not JSON.", fault);
    }

    [Theory]
    [InlineData("[]", "it is not an object")]
    [InlineData("""{ "Shop": { "Name": "a", "name": "b" } }""", "Shop:name")]
    public void A_file_of_the_wrong_shape_is_a_fault_and_no_crash(string text, string says)
    {
        WriteFile(text);

        Assert.Contains(says, Assert.Single(Load().Faults).ToString());
    }

    [Fact]
    public void A_named_file_that_is_not_there_is_a_fault() =>
        Assert.StartsWith("--settings nowhere.json names a file that is not there.",
            Assert.Single(Load(["--settings=nowhere.json"]).Faults).ToString());

    [Fact]
    public void Settings_of_the_server_in_the_same_file_are_left_to_the_server()
    {
        WriteFile(
            """
            {
              "Server": { "Address": "http://127.0.0.1:1" },
              "Database": { "Engine": "odd" },
              "Model": { "Whatever": 1 }
            }
            """);

        Good(Load());
    }

    [Fact]
    public void The_secret_key_is_never_written_out()
    {
        var settings = Good(Load(["--Cloud:Address=https://a.example", "--Cloud:Key=secret-7"]));
        var faults = Load(["--Cloud:Key=secret-7", "--Cloud:Address=nonsense", "--Cloud:Kee=secret-7"]).Faults;

        Assert.Equal("secret-7", settings.Cloud.Key);
        Assert.DoesNotContain("secret-7", settings.ToString());
        Assert.NotEmpty(faults);
        Assert.DoesNotContain("secret-7", string.Join('\n', faults));
    }

    [Fact]
    public void A_command_hands_on_what_sets_something_and_refuses_other_words()
    {
        var command = new Command("run") { new Option<bool>("--no-tui") };
        command.TakeSettings();
        var root = new RootCommand { command };
        var output = new StringWriter();

        var line = root.Parse(
            ["run", "--no-tui", "--Cloud:Address=https://a.example", "--Cloud:Key", "k", "--settings", "x.json",
                "--oops"]);

        Assert.Empty(line.Errors);
        Assert.True(line.GetValue<bool>("--no-tui"));
        Assert.Equal(["--Cloud:Address=https://a.example", "--Cloud:Key", "k", "--oops", "--settings=x.json"],
            AgentSettingsOption.Arguments(line));
        line.Load().WriteFaults(output);
        Assert.Contains("2 settings are wrong:", output.ToString());
        Assert.Contains("\"--oops\" is not an option.", output.ToString());
    }

    [Fact]
    public void The_sample_names_every_setting_with_its_default_and_why()
    {
        var path = Path.Combine(House.Root, "appsettings.sample.json");
        var known = AgentSettings.Defaults();

        var sample =
            Leaves(JsonDocument.Parse(File.ReadAllText(path),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement, "")
            .Where(leaf => leaf.Key.Split(':')[0] is not ("Server" or "Database" or "Model")).ToDictionary();

        Assert.Equal(known.Keys.Order(), sample.Keys.Order());
        foreach (var (key, value) in known) Assert.Equal((key, value), (key, sample[key]));
        foreach (var line in File.ReadLines(path).Where(l => l.Contains("\": ") && !l.TrimEnd().EndsWith('{')))
            Assert.Contains(" // ", line);
        Assert.Equal(Good(Load()) with { SettingsFile = path }, Good(Load([$"--settings={path}"])));
    }

    private static IEnumerable<(string Key, string Value)> Leaves(JsonElement element, string path) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().SelectMany(p => Leaves(p.Value, path.Length == 0 ? p.Name : $"{path}:{p.Name}"))
            : [(path, element.ToString() is "True" or "False"
                ? element.ToString().ToLowerInvariant()
                : element.ToString())];

    private LoadedSettings Load(string[]? args = null, Dictionary<string, string>? variables = null) =>
        AgentSettings.Load(args ?? [], _folder, variables ?? NoVariables);

    private static AgentSettings Good(LoadedSettings loaded)
    {
        Assert.Empty(loaded.Faults);
        return Assert.IsType<AgentSettings>(loaded.Settings);
    }

    private void WriteFile(string text) => File.WriteAllText(Path.Combine(_folder, "appsettings.json"), text);
}
