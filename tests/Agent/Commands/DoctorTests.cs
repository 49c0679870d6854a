using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Sak.Agent.Commands;
using Sak.Agent.Settings;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Agent.Commands;

public sealed class DoctorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sak-doctor-").FullName;
    private readonly string _settings;

    public DoctorTests() => File.WriteAllText(_settings = Path.Combine(_folder, "s.json"), "{}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_healthy_computer_without_a_cloud_is_well()
    {
        var (code, said) = await AskAsync();

        Assert.Equal((0, true), (code, said.Contains("All is well.")));
        Assert.DoesNotContain("✗", said);
        Assert.Contains("✓ Browser      /usr/bin/a-browser", said);
        Assert.Contains("this PC works alone", said);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder, "data")));
    }

    [Fact]
    public async Task What_is_missing_is_told_with_the_next_step_and_exit_code_1()
    {
        var (code, said) = await AskAsync(
            _ => throw new WhatsAppException("No browser was found. Install Google Chrome."));

        Assert.Equal(1, code);
        Assert.Contains("✗ Browser      No browser was found.", said);
        Assert.Contains("→ Install Google Chrome.", said);
        Assert.Contains("One thing needs you.", said);
    }

    [Fact]
    public async Task A_damaged_database_and_a_folder_that_is_a_file_are_found()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "data", "shop.db"),
            string.Concat(Enumerable.Repeat("this is no database ", 500)));
        Assert.Contains("✗ Database", (await AskAsync()).Said);

        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");
        Assert.Contains("✗ Data folder",
            (await AskAsync(null, $"--Agent:DataFolder={Path.Combine(_folder, "file", "below")}")).Said);
    }

    [Fact]
    public async Task A_good_database_is_opened_without_a_change()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        var file = Path.Combine(_folder, "data", "shop.db");
        await using (OpenReplica.At(file, TimeProvider.System))
        {
        }

        var before = await File.ReadAllBytesAsync(file);

        Assert.Contains("✓ Database", (await AskAsync()).Said);
        Assert.Equal(before, await File.ReadAllBytesAsync(file));
    }

    [Theory]
    [InlineData("create table t (a)", "is the database of another program")]
    [InlineData("create table replica (a); pragma user_version = 99", "was written by a newer version of SAK")]
    public async Task A_database_that_the_shop_would_refuse_is_told(string sql, string fault)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data"));
        await using (var connection = new SqliteConnection(
            $"Data Source={Path.Combine(_folder, "data", "shop.db")};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var make = connection.CreateCommand();
            make.CommandText = sql;
            await make.ExecuteNonQueryAsync();
        }

        var (code, said) = await AskAsync();

        Assert.Equal(1, code);
        Assert.Contains("✗ Database", said);
        Assert.Contains(fault, said);
    }

    [Fact]
    public async Task A_database_that_is_a_folder_is_told()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data", "shop.db"));

        Assert.Contains("shop.db is a folder", (await AskAsync()).Said);
    }

    [Fact]
    public async Task A_key_that_is_not_a_devices_is_told_before_the_sync_refuses_it()
    {
        await using var server = await ServeAsync(
            http => http.Request.Path.StartsWithSegments("/api/sync") ? 403 : 200);

        var (code, said) = await AskAsync(null, $"--Cloud:Address={server.Urls.First()}", "--Cloud:Key=accountant");

        Assert.Equal(1, code);
        Assert.Contains("it is not a device's", said);
    }

    [Fact]
    public async Task A_cloud_that_answers_and_knows_the_key_is_well_and_a_wrong_key_is_told()
    {
        await using var server = await ServeAsync(
            http => http.Request.Path == "/health" || http.Request.Headers.Authorization == "Bearer good" ? 200 : 401);

        Assert.Equal(0, (await AskAsync(null, $"--Cloud:Address={server.Urls.First()}", "--Cloud:Key=good")).Code);
        var (code, said) = await AskAsync(null, $"--Cloud:Address={server.Urls.First()}", "--Cloud:Key=wrong-one");

        Assert.Equal(1, code);
        Assert.Contains("✓ Cloud", said);
        Assert.Contains("✓ Clock", said);
        Assert.Contains("✗ Key          the server does not know this key", said);
        Assert.DoesNotContain("wrong-one", said);
    }

    [Fact]
    public async Task A_server_without_its_database_another_server_and_a_wrong_clock_are_told()
    {
        await using var sick = await ServeAsync(_ => 503);
        await using var other = await ServeAsync(_ => 404);
        await using var past = await ServeAsync(http =>
        {
            http.Response.Headers.Date = "Wed, 04 Mar 2020 08:00:00 GMT";
            return 200;
        });

        Assert.Contains("its database can't be reached",
            (await AskAsync(null, $"--Cloud:Address={sick.Urls.First()}", "--Cloud:Key=k")).Said);
        Assert.Contains("answers 404, which no SAK server does",
            (await AskAsync(null, $"--Cloud:Address={other.Urls.First()}", "--Cloud:Key=k")).Said);
        Assert.Contains("ahead of the server's",
            (await AskAsync(null, $"--Cloud:Address={past.Urls.First()}", "--Cloud:Key=k")).Said);
    }

    [Fact]
    public async Task A_cloud_that_is_down_is_told()
    {
        await using var server = await ServeAsync(_ => 200);
        var address = server.Urls.First();
        await server.StopAsync();

        var (code, said) = await AskAsync(null, $"--Cloud:Address={address}", "--Cloud:Key=k");

        Assert.Equal(1, code);
        Assert.Contains("does not answer:", said);
        Assert.Contains("Orders are taken and kept here meanwhile.", said);
    }

    [Fact]
    public async Task Wrong_settings_are_findings_too()
    {
        var (code, said) = await AskAsync(null, "--Cloud:ReplySeconds=soon");

        Assert.Equal(1, code);
        Assert.Contains("✗ Settings     --Cloud:ReplySeconds is \"soon\", but must be a number.", said);
    }

    private async Task<(int Code, string Said)> AskAsync(Func<AgentSettings, string>? findBrowser = null,
        params string[] args)
    {
        var output = new StringWriter();
        var command = DoctorCommand.Create(s => Task.FromResult(findBrowser?.Invoke(s) ?? "/usr/bin/a-browser"),
            _ => "wa.js");
        string[] folder = args.Any(a => a.StartsWith("--Agent:DataFolder", StringComparison.Ordinal)) ? []
            : [$"--Agent:DataFolder={Path.Combine(_folder, "data")}"];
        var code = await command.Parse([$"--settings={_settings}", .. folder, .. args])
            .InvokeAsync(new InvocationConfiguration { Output = output },
            CancellationToken.None);
        return (code, output.ToString());
    }

    private static async Task<WebApplication> ServeAsync(Func<HttpContext, int> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(http =>
        {
            http.Response.StatusCode = answer(http);
            return Task.CompletedTask;
        });
        await app.StartAsync();
        return app;
    }
}
