using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sak.Agent.WhatsApp;
using Sak.Tests.Browser;
using Sak.Tests.Support;
using Sak.Tools;
using Sak.Tools.Demo;

namespace Sak.Tests.EndToEnd;

/// <summary>The commands for login and bridge, as processes with Chromium, as an owner runs them.</summary>
[Collection(ProcessCollection.Name)]
public sealed class PairAndBridgeTests : IAsyncLifetime
{
    private const string Shop = "Pair Stores";
    private const string Asha = "919800000001";
    private readonly Folder _folder = new();
    private DemoWorld _world = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var whyNot = await Phone.WhyNot;
        Assert.SkipUnless(whyNot is null, whyNot ?? "");
        _world = await DemoWorld.OpenAsync(_folder.Path, "sqlite", "", Cancel);
        await _world.ImportOnPcAsync(Shop, "INR", DemoCommand.Catalog, Cancel);
    }

    [Fact]
    public async Task Pair_shows_each_code_also_as_a_picture_waits_a_minute_and_the_shop_then_opens_without_a_code()
    {
        _world.AgentSettings["SAK_WhatsApp__SettleSeconds"] = "4";
        _world.AgentSettings["SAK_Send__TypingSeconds"] = "1";
        var picture = _folder.File("code.png");
        var pairing = _world.RunAgentAsync(Shop, "INR", Cancel, "pair", "--png", picture);
        await Eventually.IsTrueAsync(() => File.Exists(picture) && new FileInfo(picture).Length > 100,
            "the picture of the code", TimeSpan.FromSeconds(60));
        var first = await File.ReadAllBytesAsync(picture, Cancel);
        await _world.Site.RefreshCodeAsync(Cancel);
        await Eventually.IsTrueAsync(() => !File.ReadAllBytes(picture).SequenceEqual(first),
            "the picture of the next code");
        await _world.Site.LoginAsync(Cancel);
        var linked = Stopwatch.StartNew();
        var (code, output) = await pairing;

        Assert.True(code == 0, output);
        Assert.Contains("this takes 4 seconds", output);
        Assert.Contains("Linked. Start the shop", output);
        Assert.True(linked.Elapsed > TimeSpan.FromSeconds(4), "it closed before the login was stored");

        _world.StartAgent(Shop, "INR");
        await _world.SaysAsync("WhatsApp: connected", Cancel);
        Assert.DoesNotContain("Scan this code", _world.Agent!.Output);
        await _world.Site.CustomerWritesAsync(Asha, "Asha", "2 sugar", cancel: Cancel);
        await _world.Site.WaitForTypingAsync(Asha, Cancel);
        await _world.Site.WaitForSentAsync(Asha, 1, Cancel);
    }

    [Fact]
    public async Task An_agent_that_is_asked_to_close_right_after_it_was_linked_stays_until_the_login_is_stored()
    {
        _world.AgentSettings["SAK_WhatsApp__SettleSeconds"] = "6";
        _world.StartAgent(Shop, "INR");
        await _world.SaysAsync("Scan this code", Cancel);
        await _world.LinkPhoneAsync(Cancel);
        await _world.SaysAsync("WhatsApp: connected", Cancel);
        var asked = Stopwatch.StartNew();
        var agent = _world.Agent!;
        await agent.EndAsync(TimeSpan.FromSeconds(30));

        Assert.True(agent.Output.Contains("WhatsApp is still storing the login", StringComparison.Ordinal),
            agent.Output);
        Assert.InRange(asked.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(25));
        Assert.Equal(0, agent.ExitCode);
    }

    [Fact]
    public async Task A_bridge_that_passes_the_probe_is_used_and_one_that_fails_it_leaves_the_old_one_in_place()
    {
        _world.AgentSettings["SAK_WhatsApp__BundlePath"] = null;
        _world.StartAgent(Shop, "INR");
        await _world.LinkPhoneAsync(Cancel);
        await _world.SaysAsync("WhatsApp: connected", Cancel);
        await _world.EndAgentAsync();
        var bundle = await File.ReadAllTextAsync(Setup.Bundle, Cancel);
        await using var registry = await RegistryAsync(
            new() { ["4.6.1"] = bundle,
                ["4.7.0"] = bundle.Replace("sendTextMessage", "sendTextMessagX", StringComparison.Ordinal) });

        var good = await BridgeAsync("update", "4.6.1", "--registry", registry.Urls.First());
        var bad = await BridgeAsync("update", "4.7.0", "--registry", registry.Urls.First());
        var again = await BridgeAsync("use", "4.7.0");
        var list = await BridgeAsync("list");

        Assert.True(good.ExitCode == 0, good.Output);
        Assert.Contains("uses wa-js 4.6.1", good.Output);
        foreach (var refused in new[] { bad, again })
        {
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("is not used", refused.Output);
            Assert.Contains("chat.sendTextMessage", refused.Output);
            Assert.Contains("4.6.1", refused.Output);
        }

        Assert.Contains("* 4.6.1", list.Output);
        Assert.Contains("  4.7.0", list.Output);
        _world.StartAgent(Shop, "INR");
        await _world.SaysAsync("WhatsApp: connected", Cancel);
        await _world.Site.CustomerWritesAsync(Asha, "Asha", "2 sugar", cancel: Cancel);
        await _world.Site.WaitForSentAsync(Asha, 1, Cancel);
        await _world.EndAgentAsync();
        Assert.Equal(0, (await BridgeAsync("use", "own")).ExitCode);
        Assert.DoesNotContain("*", (await BridgeAsync("list")).Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null) await _world.DisposeAsync();
        _folder.Dispose();
    }

    private Task<(int ExitCode, string Output)> BridgeAsync(params string[] command) =>
        _world.RunAgentAsync(Shop, "INR", Cancel, ["bridge", .. command]);

    private static async Task<WebApplication> RegistryAsync(Dictionary<string, string> versions)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/@wppconnect/wa-js/{version}", (string version, HttpContext http) => new
        {
            version,
            dist = new { tarball = $"http://{http.Request.Host}/{version}.tgz",
                integrity = $"sha512-{Convert.ToBase64String(SHA512.HashData(Tarball(versions[version])))}" },
        });
        app.MapGet("/{version}.tgz", (string version) => Results.Bytes(Tarball(versions[version])));
        await app.StartAsync(Cancel);
        return app;
    }

    private static byte[] Tarball(string bundle)
    {
        var packed = new MemoryStream();
        using (var writer = new TarWriter(new GZipStream(packed, CompressionMode.Compress)))
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/dist/{BridgeBundle.FileName}")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(bundle)),
                ModificationTime = DateTimeOffset.UnixEpoch,
            });
        return packed.ToArray();
    }
}
