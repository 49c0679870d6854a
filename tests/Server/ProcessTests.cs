using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sak.Server.Settings;
using Sak.Sync.Replica;
using Sak.Tests.Contracts;

namespace Sak.Tests.Server;

/// <summary>The real program as a process, set up from its command line and killed without warning.</summary>
public sealed class ProcessTests : IAsyncLifetime
{
    private static readonly string Program = typeof(ServerSettings).Assembly.Location;
    private readonly string _folder = Directory.CreateTempSubdirectory("sak-process-").FullName;
    private readonly List<Process> _started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited) process.Kill();
            process.WaitForExit(TimeSpan.FromSeconds(10));
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. args, "--Server:DataFolder", _folder])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("SAK_", StringComparison.Ordinal))
            .ToList()) start.Environment.Remove(name);
        var process = Process.Start(start)!;
        _started.Add(process);
        return process;
    }

    private async Task<(int Code, string Out, string Error)> RunAsync(params string[] args)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        var process = Start(args);
        var error = process.StandardError.ReadToEndAsync(late.Token);
        var text = await process.StandardOutput.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        return (process.ExitCode, text, await error);
    }

    private async Task<(Process Process, Uri Address)> ServeAsync()
    {
        var process = Start("--Server:Address", "http://127.0.0.1:0");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
            if (line.Split(' ').FirstOrDefault(w => w.StartsWith("http://", StringComparison.Ordinal)) is { } address)
                return (process, new Uri(address));
        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(late.Token));
    }

    [Fact]
    public async Task A_shop_is_made_from_the_command_line_and_its_key_works_until_it_is_revoked()
    {
        var made = await RunAsync("shop", "add", "Asha Stores", "--currency", "INR", "--json");
        Assert.Equal((0, ""), (made.Code, made.Error));
        var key = JsonDocument.Parse(made.Out).RootElement;
        Assert.Equal("device", key.GetProperty("role").GetString());
        var owner = await RunAsync("key", "add", "--shop", "Asha Stores", "--role", "owner", "--json");
        Assert.Equal(key.GetProperty("shop").GetString(),
            JsonDocument.Parse(owner.Out).RootElement.GetProperty("shop").GetString());
        Assert.Equal((0, 1),
            ((await RunAsync("key", "revoke", key.GetProperty("keyId").GetString()!)).Code,
                (await RunAsync("key", "revoke", "nothing")).Code));

        foreach (var bad in new[] { new[] { "shop", "add", "X", "--currency", "rupees" },
            ["shop", "add", "X", "--currency", "XXX"], ["shop", "add", "X", "--currency", "INR", "--phone", "abc"],
            ["key", "add", "--shop", "Nobody", "--role", "owner"],
            ["key", "add", "--shop", "Asha Stores", "--role", "king"] })
        {
            var refused = await RunAsync(bad);
            Assert.Equal(1, refused.Code);
            Assert.DoesNotContain("   at ", refused.Error);
            Assert.Single(refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
    }

    [Fact]
    public async Task Shops_and_keys_are_listed_with_their_ids_and_without_a_secret()
    {
        var made = JsonDocument.Parse(
            (await RunAsync("shop", "add", "Asha Stores", "--currency", "INR", "--json")).Out).RootElement;
        var (shop, id, key) = (made.GetProperty("shop").GetString()!, made.GetProperty("keyId").GetString()!,
            made.GetProperty("key").GetString()!);
        await RunAsync("key", "revoke", id);

        Assert.Contains($"{shop}  INR  Asha Stores", (await RunAsync("shop", "list")).Out);
        var keys = await RunAsync("key", "list");
        Assert.Contains($"{id}  device", keys.Out);
        Assert.Contains(", revoked ", keys.Out);
        var listed = await RunAsync("key", "list", "--json");
        Assert.Equal(id, JsonDocument.Parse(listed.Out).RootElement[0].GetProperty("id").GetString());
        Assert.DoesNotContain(key.Split('_')[2], keys.Out + listed.Out);
        Assert.DoesNotContain("hash", listed.Out);
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_is_named_with_its_line()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "appsettings.json"),
            "{\n  \"Model\": {\n    \"Key\": SECRET\n  }\n}\n", TestContext.Current.CancellationToken);
        var refused = await RunAsync("migrate");
        Assert.Equal(2, refused.Code);
        Assert.Contains("appsettings.json, line 3, is not JSON", refused.Error);
        Assert.DoesNotContain("SECRET", refused.Error);
    }

    [Fact]
    public async Task A_server_killed_again_and_again_while_batches_arrive_has_each_order_once()
    {
        var key =
            JsonDocument.Parse(
                (await RunAsync("shop", "add", "Asha Stores", "--currency", "INR",
                    "--json")).Out).RootElement.GetProperty("key").GetString();
        // Longer than it ever took while all tests ran: the test is about the kill, not about time.
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(90) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var (process, address) = await ServeAsync();
        var replica = new TestReplica(client) { Address = address };
        var (product, customer) = (TestReplica.NewId(), TestReplica.NewId());
        await replica.PushAsync(replica.Product(product, "BD-1"), replica.Customer(customer));
        var killed = 0;
        for (var i = 0; i < 12; i++)
        {
            var order = replica.Order(TestReplica.NewId(), $"A-{i}", customer, product, lines: 40).ToList();
            var push = replica.PushAsync(order);
            if (i % 3 == 1)
            {
                await KillAfterAsync(process, TimeSpan.FromMilliseconds(i * 4), push);
                killed++;
                (process, replica.Address) = await ServeAsync();
            }

            if (await Record.ExceptionAsync(() => push) is not null)
                Assert.Equal(HttpStatusCode.OK, (await replica.ExchangeAsync(replica.Last!)).Status);
            else Assert.Equal(HttpStatusCode.OK, (await push).Status);
        }

        Assert.Equal(4, killed);
        var fresh = new TestReplica(client) { Address = replica.Address };
        await fresh.PullAsync();
        Assert.Equal(12, fresh.Rows.Keys.Count(k => k.Table == "orders"));
        Assert.Equal(480, fresh.Rows.Keys.Count(k => k.Table == "order_lines"));
        Assert.Equal(-480 * 2_000L, fresh.Rows[("products", product)].Values[Tables.Products.IndexOf("on_hand")]);
    }

    // Killed during the upload: before, in the middle of, or after its transaction.
    private static async Task KillAfterAsync(Process process, TimeSpan time, Task upload)
    {
        await Task.WhenAny(upload, Task.Delay(time, TestContext.Current.CancellationToken));
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
