using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Commands;

/// <summary>What one check found.</summary>
internal sealed record DoctorFinding(string What, bool IsGood, string Found, string Next)
{
    public static DoctorFinding Good(string what, string found) => new(what, true, found, "");

    public static DoctorFinding Bad(string what, string found, string next) => new(what, false, found, next);
}

/// <summary>
/// The checks of sak-agent doctor, in the order in which a shop needs their subjects. They change nothing, except that
/// they make the data folder.
/// </summary>
internal static class DoctorChecks
{
    private const long LeastFree = 500L * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ClockMayDiffer = TimeSpan.FromMinutes(2);

    public static async IAsyncEnumerable<DoctorFinding> RunAsync(
        AgentSettings settings,
        Func<AgentSettings, Task<string>> findBrowser,
        Func<AgentSettings, string> findBundle,
        TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        yield return DoctorFinding.Good("Settings",
            settings.SettingsFile.Length > 0 ? settings.SettingsFile : "no file, so all defaults");
        yield return DataFolder(settings.DataFolder);
        yield return FreeSpace(settings.DataFolder);
        yield return await DatabaseAsync(settings.DatabaseFile, cancel);
        yield return await FoundAsync("Browser", settings, findBrowser);
        yield return await FoundAsync("Bridge", settings, s => Task.FromResult(findBundle(s)));
        await foreach (var finding in CloudAsync(settings.Cloud, clock, cancel)) yield return finding;
    }

    private static DoctorFinding DataFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var probe = new FileStream(Path.Combine(folder, $".doctor-{Guid.NewGuid():N}"), FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None, 1, FileOptions.DeleteOnClose);
            probe.WriteByte(1);
            probe.Flush();
            return DoctorFinding.Good("Data folder", folder);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            return DoctorFinding.Bad("Data folder", $"{folder} can't be written: {denied.Message}",
                "Give your user the right to write there, or set Agent:DataFolder to another folder.");
        }
    }

    private static DoctorFinding FreeSpace(string folder)
    {
        try
        {
            var free = new DriveInfo(
                OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
            var megabytes = $"{free / (1024 * 1024):N0} MB free";
            return free >= LeastFree
                ? DoctorFinding.Good("Disk", megabytes)
                : DoctorFinding.Bad("Disk", $"only {megabytes}",
                    "Free some space: SAK stops taking orders when the disk is full.");
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return DoctorFinding.Bad("Disk", $"the free space of {folder} can't be read: {unknown.Message}",
                "Set Agent:DataFolder to a folder on a local disk.");
        }
    }

    private static async Task<DoctorFinding> DatabaseAsync(string file, CancellationToken cancel)
    {
        if (!File.Exists(file) && !Directory.Exists(file))
            return DoctorFinding.Good("Database", $"will be made at the first start: {file}");
        return await DatabaseCheck.FaultAsync(file, cancel) is var (what, next)
            ? DoctorFinding.Bad("Database", what, next)
            : DoctorFinding.Good("Database", file);
    }

    private static async Task<DoctorFinding> FoundAsync(string what, AgentSettings settings,
        Func<AgentSettings, Task<string>> find)
    {
        try
        {
            return DoctorFinding.Good(what, await find(settings));
        }
        catch (WhatsAppException missing)
        {
            // The message's first sentence is the fault, the rest is what to do.
            var dot = missing.Message.IndexOf(". ", StringComparison.Ordinal);
            return dot < 0
                ? DoctorFinding.Bad(what, missing.Message, "")
                : DoctorFinding.Bad(what, missing.Message[..(dot + 1)], missing.Message[(dot + 2)..]);
        }
    }

    private static async IAsyncEnumerable<DoctorFinding> CloudAsync(CloudSettings cloud, TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        if (cloud.Address is null)
        {
            yield return DoctorFinding.Good("Cloud", "not used: this PC works alone");
            yield return DoctorFinding.Good("Clock",
                $"{clock.GetLocalNow():ddd d MMM yyyy, HH:mm} (compare with your phone)");
            yield break;
        }

        using var http = new HttpClient { Timeout = Patience, BaseAddress = cloud.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", cloud.Key);
        var (health, fault) = await AskAsync(http, "/health", cancel);
        using var answer = health;
        if (answer is null)
        {
            yield return DoctorFinding.Bad("Cloud", $"{cloud.Address} does not answer: {fault}",
                "Orders are taken and kept here meanwhile. Check the internet, Cloud:Address, and the server itself.");
            yield break;
        }

        yield return answer.StatusCode switch
        {
            HttpStatusCode.OK => DoctorFinding.Good("Cloud", cloud.Address.ToString()),
            HttpStatusCode.ServiceUnavailable =>
                DoctorFinding.Bad("Cloud", $"{cloud.Address} runs, but its database can't be reached",
                    "Look at the database of the server; orders are kept here meanwhile."),
            var other =>
                DoctorFinding.Bad("Cloud", $"{cloud.Address} answers {(int)other}, which no SAK server does",
                    "Correct Cloud:Address."),
        };
        if (answer.Headers.Date is { } date) yield return Clock(date, clock);
        if (answer.StatusCode == HttpStatusCode.OK) yield return await KeyAsync(http, cancel);
    }

    private static DoctorFinding Clock(DateTimeOffset server, TimeProvider clock)
    {
        var off = clock.GetUtcNow() - server;
        return off.Duration() <= ClockMayDiffer
            ? DoctorFinding.Good("Clock", "agrees with the server's")
            : DoctorFinding.Bad("Clock",
                $"is {off.Duration():d\\.hh\\:mm\\:ss} {(off > TimeSpan.Zero ? "ahead of" : "behind")} the server's",
                "Set this computer's date and time to automatic; orders carry its time.");
    }

    private static async Task<DoctorFinding> KeyAsync(HttpClient http, CancellationToken cancel)
    {
        // Only device keys may call this endpoint. No shop has version -1, so it answers at once.
        var (answer, fault) = await AskAsync(http, "/api/sync/watch?v=-1", cancel);
        using var _ = answer;
        return answer?.StatusCode switch
        {
            HttpStatusCode.OK or HttpStatusCode.NoContent => DoctorFinding.Good("Key", "accepted"),
            HttpStatusCode.Forbidden => DoctorFinding.Bad("Key", "the server knows this key, but it is not a device's",
                "Make a device key on the server and put it into Cloud:Key or SAK_Cloud__Key."),
            HttpStatusCode.Unauthorized => DoctorFinding.Bad("Key", "the server does not know this key",
                "Make a new device key on the server and put it into Cloud:Key or SAK_Cloud__Key."),
            { } other => DoctorFinding.Bad("Key", $"could not be tried: the server answered {(int)other}",
                "Try again in a minute; if this stays, look at the server's log."),
            null => DoctorFinding.Bad("Key", $"could not be tried: {fault}", "Try again in a minute."),
        };
    }

    private static async Task<(HttpResponseMessage? Answer, string Fault)> AskAsync(HttpClient http, string path,
        CancellationToken cancel)
    {
        try
        {
            return (await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancel), "");
        }
        catch (HttpRequestException unreachable)
        {
            return (null, unreachable.Message.TrimEnd('.'));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return (null, $"no answer within {Patience.TotalSeconds} seconds");
        }
    }
}
