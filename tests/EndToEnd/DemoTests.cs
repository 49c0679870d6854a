using System.Text.Json;
using Sak.Tests.Browser;
using Sak.Tests.Support;
using Sak.Tools;
using Sak.Tools.Demo;

namespace Sak.Tests.EndToEnd;

/// <summary>The README's first command, as a user runs it.</summary>
[Collection(ProcessCollection.Name)]
public sealed class DemoTests : IDisposable
{
    private readonly Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task An_afternoon_through_an_outage_loses_and_doubles_nothing() => PlayAsync("sqlite", "");

    [Fact]
    public async Task The_same_afternoon_with_the_cloud_on_PostgreSQL() =>
        await PlayAsync("postgres", await (await PostgresServer.GetAsync(Cancel)).NewDatabaseAsync(Cancel));

    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(true, 1, true)]
    [InlineData(false, 0, true)]
    public void A_model_that_was_announced_must_have_answered(bool announced, int turns, bool good)
    {
        var result = new DemoResult(1, 1, 1, 1, 0, 0, true, 3, "", 1, "", 1, 137, 0, turns, 20, announced, [], []);
        Assert.Equal(good, result.IsGood);
    }

    public void Dispose() => _folder.Dispose();

    private async Task PlayAsync(string engine, string connection)
    {
        var whyNot = await Phone.WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        var json = _folder.File("out.json");
        string[] arguments = [typeof(House).Assembly.Location, "demo", "--json", json, "--folder",
            _folder.File("demo"), "--database", engine,
            .. connection.Length > 0 ? ["--connection", connection] : Array.Empty<string>()];

        var (code, output) = await Child.RunAsync("dotnet", arguments, _folder.Path, cancel: Cancel);

        Assert.True(code == 0, output);
        var result = JsonDocument.Parse(await File.ReadAllTextAsync(json, Cancel)).RootElement;
        Assert.Equal((0, 0, true),
            (Number(result, "lost"), Number(result, "doubled"), result.GetProperty("totals_match").GetBoolean()));
        Assert.Equal((8, 8, 6),
            (Number(result, "orders_agent"), Number(result, "orders_cloud"), Number(result, "outage_orders")));
        Assert.True(Number(result, "turns_by_model") >= 2 && Number(result, "turns_on_pc") >= 13,
            "the model answers online, the PC in the outage");
        Assert.Equal(Number(result, "turns_by_model"), result.GetProperty("turns_of_model").GetArrayLength());
        Assert.Contains("Asha: hi, 3 ctn biscuits and 2 sugar pls",
            result.GetProperty("turns_of_model").EnumerateArray().Select(t => t.GetString()));
        Assert.Contains("answered by the cloud's model", output, StringComparison.Ordinal);
        Assert.True(File.Exists(result.GetProperty("export_file").GetString()));
        TheCloudWasAnotherProcessAndWasKilled(result);
        ItWentThroughChromiumAndTheBundle();
    }

    private static void TheCloudWasAnotherProcessAndWasKilled(JsonElement result)
    {
        Assert.NotEqual(Environment.ProcessId, Number(result, "cloud_killed_process"));
        Assert.NotEqual(0, Number(result, "cloud_killed_exit_code"));
        if (OperatingSystem.IsLinux()) Assert.Equal(128 + 9, Number(result, "cloud_killed_exit_code"));
    }

    // The agent's log names the browser and the bundle in use; the profile is Chromium's own.
    private void ItWentThroughChromiumAndTheBundle()
    {
        var log = string.Concat(Directory.GetFiles(_folder.File("demo/agent/logs")).Select(File.ReadAllText));
        Assert.Matches(@"WhatsApp bridge wa-js \d+\.\d+\.\d+ in .*Chrom", log);
        Assert.True(Directory.Exists(_folder.File("demo/agent/profile/Default/IndexedDB")));
    }

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
