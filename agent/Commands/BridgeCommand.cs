using System.CommandLine;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Commands;

/// <summary>
/// bridge list | update [VERSION] | use VERSION: changes wa-js without changing SAK. A version that fails the probe
/// is not used.
/// </summary>
internal static class BridgeCommand
{
    private const string Package = "@wppconnect/wa-js";
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromMinutes(3);

    public static Command Create() =>
        new("bridge", "Lists, downloads and changes wa-js, the part that knows WhatsApp Web's internals.")
        {
            List(), Update(), Use(),
        };

    private static Command List()
    {
        var command = new Command("list", "The versions on this PC and the one in use.");
        command.Run(async (_, settings, _) =>
        {
            var versions = new BridgeVersions(settings.DataFolder);
            foreach (var version in versions.All)
                await Console.Out.WriteLineAsync($"{(version == versions.InUse ? "*" : " ")} {version}");
            await Console.Out.WriteLineAsync(
                $"In use: {BridgeBundle.Find(settings.WhatsApp.BundlePath, settings.DataFolder)}");
            return 0;
        });
        return command;
    }

    private static Command Update()
    {
        var version = new Argument<string>("version")
        {
            Description = "A version such as 4.6.0 (default: the newest).",
            DefaultValueFactory = _ => "latest",
        };
        var registry = new Option<string>("--registry")
        {
            Description = "Where npm packages are.",
            DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable("npm_config_registry") ?? "https://registry.npmjs.org/",
        };
        var command = new Command("update",
            "Downloads a version of wa-js, tries it in WhatsApp's page, and uses it when it works.")
                { version, registry };
        command.Run(async (line, settings, cancel) =>
        {
            var address = line.GetValue(registry)!;
            if (!Uri.TryCreate(address.EndsWith('/') ? address : address + "/", UriKind.Absolute, out var from)
                || from.Scheme is not ("http" or "https"))
                throw new CommandException(
                    $"\"{address}\" is no web address. Write it in full, for example https://registry.npmjs.org/.");
            using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
            var fetched = await FetchAsync(http, from, line.GetValue(version)!,
                new BridgeVersions(settings.DataFolder), cancel);
            await Console.Out.WriteLineAsync($"wa-js {fetched} is on this PC.");
            return await UseAsync(settings, fetched, force: false, cancel);
        });
        return command;
    }

    private static Command Use()
    {
        var version = new Argument<string>("version")
        {
            Description = "A version from the list, or \"own\" for the one that came with SAK.",
        };
        var force = new Option<bool>("--force") { Description = "Use it without trying it." };
        var command = new Command("use",
            "Uses a version from now on, if it passes the probe; otherwise the old one stays.")
                { version, force };
        command.Run(
            (line, settings, cancel) => UseAsync(settings, line.GetValue(version)!, line.GetValue(force), cancel));
        return command;
    }

    private static async Task<int> UseAsync(AgentSettings settings, string version, bool force,
        CancellationToken cancel)
    {
        var versions = new BridgeVersions(settings.DataFolder);
        var wanted = version == "own" ? "" : version;
        var path = wanted.Length == 0 ? null : versions.PathOf(wanted);
        if (path is not null && !File.Exists(path))
            throw new CommandException(
                $"wa-js {wanted} is not on this PC. Fetch it with: sak-agent bridge update {wanted}");
        if (!force && path is not null && await ProbeAsync(settings, path, cancel) is { } fault)
            throw new CommandException(
                $"wa-js {wanted} is not used: {fault} The previous one stays "
                    + $"({(versions.InUse.Length > 0 ? versions.InUse : "the one that came with SAK")}).");
        versions.Use(wanted);
        var used = wanted.Length > 0 ? "wa-js " + wanted : "the wa-js that came with it";
        await Console.Out.WriteLineAsync($"From the next start on SAK uses {used}.");
        return 0;
    }

    /// <summary>
    /// Opens WhatsApp's page with a bundle on the shop's profile. Null when everything that SAK needs works,
    /// else the fault.
    /// </summary>
    internal static async Task<string?> ProbeAsync(AgentSettings settings, string bundle, CancellationToken cancel)
    {
        using var one = DataLock.Take(settings.DataFolder);
        using var time = new CancellationTokenSource(ProbeWithin, TimeProvider.System);
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        await using var page = RunCommand.OpenWhatsApp(
            settings with { WhatsApp = settings.WhatsApp with { BundlePath = bundle } }, NullLoggerFactory.Instance)();
        try
        {
            await page.OpenAsync(most.Token);
            await foreach (var what in page.Events.ReadAllAsync(most.Token))
            {
                if (what is not WhatsAppEvent.StateChanged changed) continue;
                if (changed.State is WhatsAppState.Changed or WhatsAppState.Closed) return changed.Reason;
                // The bridge checks the chat modules only after the login; before it, only the login's own modules
                // can be checked.
                if (changed.State is WhatsAppState.Ready or WhatsAppState.NeedsLogin) return null;
            }

            return "the browser closed.";
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return $"WhatsApp's page was not ready within {ProbeWithin.TotalMinutes:0} minutes.";
        }
    }

    /// <summary>
    /// Downloads a version from an npm registry, checks it against the registry's digest, stores it, and
    /// returns its number.
    /// </summary>
    internal static async Task<string> FetchAsync(HttpClient http, Uri registry, string version,
        BridgeVersions versions, CancellationToken cancel)
    {
        try
        {
            var about = await http.GetStringAsync(new Uri(registry, $"{Package}/{version}"), cancel);
            using var json = JsonDocument.Parse(about);
            var name = json.RootElement.GetProperty("version").GetString()!;
            var dist = json.RootElement.GetProperty("dist");
            var tarball = await http.GetByteArrayAsync(new Uri(dist.GetProperty("tarball").GetString()!), cancel);
            var promised = dist.GetProperty("integrity").GetString()!;
            if (promised != $"sha512-{Convert.ToBase64String(SHA512.HashData(tarball))}")
                throw new CommandException(
                    $"wa-js {name} arrived damaged from {registry.Host} and is not used. Try again later.");
            await using var bundle = Bundle(tarball)
                ?? throw new CommandException(
                    $"wa-js {name} holds no {BridgeBundle.FileName}. Choose another version.");
            await versions.AddAsync(name, bundle, cancel);
            return name;
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or KeyNotFoundException
            or NotSupportedException or UriFormatException or InvalidOperationException)
        {
            throw new CommandException(
                $"wa-js {version} could not be fetched from {registry.Host} ({error.Message}). Check the internet "
                    + "connection and the version.");
        }
    }

    private static Stream? Bundle(byte[] tarball)
    {
        using var reader = new TarReader(new GZipStream(new MemoryStream(tarball), CompressionMode.Decompress));
        while (reader.GetNextEntry(copyData: true) is { } entry)
            if (entry.Name == $"package/dist/{BridgeBundle.FileName}") return entry.DataStream;
        return null;
    }
}
