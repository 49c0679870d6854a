using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Sak.Server;
using Sak.Server.Data;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

public sealed class SettingsTests
{
    private static ServerSettings Read(params (string Name, string Value)[] settings) =>
        ServerSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value))).Build(), []);

    [Fact]
    public void With_nothing_set_the_server_is_a_file_on_loopback_without_a_model()
    {
        var settings = Read();
        Assert.Equal(("http://127.0.0.1:5080", "sqlite", "none"), (settings.Address, settings.Engine, settings.Model.Provider));
        Assert.Contains("sak-server.db", settings.Connection);
    }

    [Fact]
    public void All_faults_are_told_at_once_each_with_its_fix()
    {
        var e = Assert.Throws<SettingsException>(() => Read(
            ("Server:Address", "nowhere"), ("Database:Engine", "oracle"), ("Model:Provider", "openai"), ("Model:Seconds", "0"), ("Model:Endpoint", "x"), ("Model:Colour", "red")));
        Assert.Equal(7, e.Faults.Count);
        foreach (var name in new[] { "Server:Address", "Database:Engine", "Model:Name", "Model:Key", "Model:Seconds", "Model:Endpoint", "Model:Colour" })
            Assert.Contains(e.Faults, f => f.StartsWith(name, StringComparison.Ordinal) && f.EndsWith('.'));
    }

    [Fact]
    public void A_server_database_needs_its_connection()
    {
        Assert.Contains("Database:Connection", Assert.Single(Assert.Throws<SettingsException>(() => Read(("Database:Engine", "postgres"))).Faults));
    }

    [Fact]
    public async Task An_unreachable_database_is_one_sentence_and_what_to_do()
    {
        var settings = Read(("Database:Engine", "postgres"), ("Database:Connection", "Host=127.0.0.1;Port=1;Timeout=2"));
        await using var db = OpenDatabase.New(settings);
        var e = await Assert.ThrowsAsync<ServerException>(() => OpenDatabase.MigrateAsync(db, settings, TestContext.Current.CancellationToken));
        Assert.Contains("check that it runs", e.Message);
        Assert.DoesNotContain("\n", e.Message);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_and_a_file_that_is_no_database_are_one_sentence_each()
    {
        var folder = Directory.CreateTempSubdirectory("sak-settings-").FullName;
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(file, new string('x', 10_000), TestContext.Current.CancellationToken);
        foreach (var connection in new[] { $"Data Source={Path.Combine(file, "sak.db")}", $"Data Source={file}", "Data=Nonsense" })
        {
            var settings = Read(("Database:Connection", connection));
            var e = await Assert.ThrowsAsync<ServerException>(async () =>
            {
                await using var db = OpenDatabase.New(settings);
                await OpenDatabase.MigrateAsync(db, settings, TestContext.Current.CancellationToken);
            });
            Assert.Contains("set ", e.Message.Replace("correct the", "set "));
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
        var e = await Assert.ThrowsAsync<ServerException>(() => ServerHost.StartAsync(second, TestContext.Current.CancellationToken));
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

    [Theory]
    [InlineData(2, "shop", "add")]
    [InlineData(2, "shop", "add", "X", "--colour", "red")]
    [InlineData(2, "--Database:Engine", "oracle")]
    [InlineData(2, "frobnicate")]
    [InlineData(0, "--help")]
    public async Task The_command_line_ends_with_the_code_that_it_promises(int code, params string[] args) =>
        Assert.Equal(code, await Program.Main(args));
}
