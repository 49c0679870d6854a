using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Sak.Server;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

public sealed class SettingsTests
{
    private static ServerSettings Read(params (string Name, string Value)[] settings) =>
        ServerSettings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build(),
            OpenDatabase.CanRead);

    [Fact]
    public void With_nothing_set_the_server_is_a_file_on_loopback_without_a_model()
    {
        var settings = Read();
        Assert.Equal(("http://127.0.0.1:5080", "sqlite", "none"),
            (settings.Address, settings.Engine, settings.Model.Provider));
        Assert.Contains("sak-server.db", settings.Connection);
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_fix()
    {
        var e = Assert.Throws<SettingsException>(() => Read(
            ("Server:Address", "nowhere"), ("Database:Engine", "oracle"), ("Model:Provider", "openai"),
            ("Model:Seconds", "0"), ("Model:Endpoint", "x"), ("Model:Colour", "red")));
        Assert.Equal(7, e.Faults.Count);
        foreach (var name in new[] { "Server:Address", "Database:Engine", "Model:Name", "Model:Key", "Model:Seconds",
            "Model:Endpoint", "Model:Colour" })
            Assert.Contains(e.Faults, f => f.StartsWith(name, StringComparison.Ordinal) && f.EndsWith('.'));
    }

    [Fact]
    public void A_server_database_needs_its_connection()
    {
        Assert.Contains("Database:Connection",
            Assert.Single(Assert.Throws<SettingsException>(() => Read(("Database:Engine", "postgres"))).Faults));
    }

    [Theory]
    [InlineData("sqlite", "Data=SECRET")]
    [InlineData("sqlite", "SECRET")]
    [InlineData("postgres", "postgres://sak:SECRET@127.0.0.1/sak")]
    [InlineData("postgres", "Host=127.0.0.1;Port=SECRET")]
    [InlineData("sqlserver", "Server=127.0.0.1;Encrypt=SECRET")]
    public void A_connection_string_that_cannot_be_read_is_a_fault_of_the_settings_that_shows_none_of_it(string engine,
        string connection)
    {
        var fault = Assert.Single(
            Assert.Throws<SettingsException>(
                () => Read(("Database:Engine", engine), ("Database:Connection", connection))).Faults);
        Assert.StartsWith("Database:Connection can't be read. Write it as in ", fault);
        Assert.DoesNotContain("SECRET", fault);
    }

    [Theory]
    [InlineData("http://loopback:0")]
    [InlineData("http://user:SECRET@127.0.0.1:0")]
    [InlineData("http://shop.example:5080")]
    [InlineData("https://shop.example:5080")]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5081")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("http://127.0.0.1:5080/sak")]
    [InlineData("http://unix:/run/sak.sock")]
    [InlineData("ftp://127.0.0.1:5080")]
    [InlineData("http://localhost:0")]
    public void An_address_that_would_be_bound_otherwise_than_it_reads_is_refused(string address)
    {
        var fault = Assert.Single(Assert.Throws<SettingsException>(() => Read(("Server:Address", address))).Faults);
        Assert.StartsWith("Server:Address", fault);
        Assert.DoesNotContain("SECRET", fault);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", false)]
    [InlineData("http://[::1]:5080", false)]
    [InlineData("http://LOCALHOST:5080/", false)]
    [InlineData("https://0.0.0.0:5443", false)]
    [InlineData("HTTP://0.0.0.0:5080", true)]
    [InlineData("http://*:5080", true)]
    [InlineData("http://+:5080", true)]
    [InlineData("http://[::]:5080", true)]
    [InlineData("http://192.0.2.7:5080", true)]
    public void Keys_travel_in_the_clear_where_others_than_this_machine_reach_the_address_without_TLS(string address,
        bool inTheClear) =>
        Assert.Equal(inTheClear, Read(("Server:Address", address)).InTheClear);

    [Fact]
    public void A_misspelled_group_is_refused_and_the_agents_groups_may_stand_in_the_same_file()
    {
        var environment = new Dictionary<string, string> { ["SAK_Databse__Engine"] = "postgres",
            ["SAK_Server_Address"] = "http://0.0.0.0:80", ["SAK_Shop__Name"] = "Asha", ["SAK_KEEP"] = "1" };
        Assert.Equal(
            ["SAK_Databse__Engine is not a setting. Did you mean Database:Engine?",
                "SAK_Server_Address is not read. Write two underscores: SAK_Server__Address."],
            Load(environment: environment));
    }

    [Fact]
    public void A_fault_names_the_place_where_the_setting_was_written()
    {
        Assert.Equal(["--Model:Seconds is \"soon\", but must be a whole number. Write a number such as 20.",
            "--Database:Engine is \"postgrse\", which is none of sqlite, postgres, sqlserver. Did you mean postgres?"],
            Load("--Model:Seconds=soon", "--Database:Engine=postgrse").Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(["--Database:Engine has no value. Write --Database:Engine=value."], Load("--Database:Engine"));
    }

    [Fact]
    public void A_broken_file_is_told_with_its_line()
    {
        var folder = Directory.CreateTempSubdirectory("sak-settings-").FullName;
        var file = Path.Combine(folder, "appsettings.json");
        File.WriteAllText(file, "{\n  \"Server\": {\n    \"Address\": \"x\"\n    \"DataFolder\": \"y\"\n  }\n}");
        Assert.StartsWith($"{file}, line 4, is not JSON. Look for a missing comma",
            Assert.Single(Load(folder: folder)), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static IReadOnlyList<string> Load(params string[] args) => Load(null, null, args);

    private static IReadOnlyList<string> Load(IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null, params string[] args) =>
        Assert.Throws<SettingsException>(() => ServerSettings.Load(args, OpenDatabase.CanRead,
            folder ?? Path.GetTempPath(), environment ?? new Dictionary<string, string>())).Faults;

    [Fact]
    public async Task An_unreachable_database_is_one_sentence_and_what_to_do()
    {
        var settings = Read(("Database:Engine", "postgres"),
            ("Database:Connection", "Host=127.0.0.1;Port=1;Timeout=2"));
        var e = await Assert.ThrowsAsync<ServerException>(
            () => OpenDatabase.MigrateAsync(settings, TestContext.Current.CancellationToken));
        Assert.Contains("check that it runs", e.Message);
        Assert.Contains("refused)", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_and_a_file_that_is_no_database_are_one_sentence_each()
    {
        var folder = Directory.CreateTempSubdirectory("sak-settings-").FullName;
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);
        foreach (var connection in new[] { $"Data Source={Path.Combine(file, "sak.db")}", $"Data Source={file}" })
        {
            var settings = Read(("Database:Connection", connection));
            var e = await Assert.ThrowsAsync<ServerException>(
                () => OpenDatabase.MigrateAsync(settings, TestContext.Current.CancellationToken));
            Assert.Contains("set ", e.Message);
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_sentence_and_what_to_do()
    {
        await using var first = await TestServer.StartAsync(Engine.Sqlite);
        var settings = first.Settings with { Address = first.Address.ToString().TrimEnd('/') };
        await using var second = ServerHost.Build(settings);
        var e = await Assert.ThrowsAsync<ServerException>(
            () => ServerHost.StartAsync(second, TestContext.Current.CancellationToken));
        Assert.Contains("Server:Address", e.Message);
    }

    [Fact]
    public async Task The_database_file_is_for_its_owner_alone()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var file = new SqliteConnectionStringBuilder(server.Settings.Connection).DataSource;
        if (OperatingSystem.IsWindows()) Assert.Skip("File modes are not Windows'.");
        else Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_SQL_Server_that_is_away_is_told_by_its_library_and_not_as_a_success()
    {
        var settings = Read(("Database:Engine", "sqlserver"),
            ("Database:Connection",
                "Server=127.0.0.1,1;Database=sak;User Id=sak;Password=SECRET;Connect Timeout=2;Encrypt=Optional"));
        var e = await Assert.ThrowsAsync<ServerException>(
            () => OpenDatabase.MigrateAsync(settings, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("(Success)", e.Message);
        Assert.DoesNotContain("SECRET", e.Message);
    }

    [Theory]
    [InlineData(2, "migrate", "--Databse:Engine=postgres")]
    [InlineData(2, "migrate", "--Database:Engine")]
    [InlineData(2, "migrate", "--Database:Engine", "--Server:DataFolder=nowhere")]
    [InlineData(2, "migrate", "--Database:Engine=postgres", "--Database:Connection=postgres://u:pw@h/db")]
    [InlineData(2, "shop", "add")]
    [InlineData(2, "shop", "add", "X", "--colour", "red")]
    [InlineData(2, "--Database:Engine", "oracle")]
    [InlineData(2, "frobnicate")]
    [InlineData(0, "--help")]
    public async Task The_command_line_ends_with_the_code_that_it_promises(int code, params string[] args) =>
        Assert.Equal(code, await Program.Main(args));
}
