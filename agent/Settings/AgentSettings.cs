using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Sak.Sync.Linked.Settings;
using Sak.Sync.Model;

namespace Sak.Agent.Settings;

/// <summary>
/// Everything that can be set, read once at start; folders are absolute. Every key, its default
/// and why: appsettings.sample.json.
/// </summary>
/// <param name="SettingsFile">The file that was read, or empty when there is none.</param>
public sealed record AgentSettings(
    ShopSettings Shop,
    string DataFolder,
    WhatsAppSettings WhatsApp,
    CloudSettings Cloud,
    TurnSettings Turns,
    LogSettings Log,
    SendSettings Send,
    AlarmSettings Alarm,
    string SettingsFile)
{
    /// <summary>The replica: one SQLite file that the owner can open and copy.</summary>
    public string DatabaseFile => Path.Combine(DataFolder, "shop.db");

    /// <summary>
    /// Reads appsettings.json in <paramref name="folder"/> (or --settings FILE), then variables that start with SAK_,
    /// then arguments --Section:Key=value; later ones win. Never throws: the answer holds every fault.
    /// </summary>
    /// <param name="args">Arguments that no command took; anything that is no setting is a fault.</param>
    /// <param name="folder">The working folder when null; relative folders are meant from here.</param>
    /// <param name="environment">The process's own when null.</param>
    public static LoadedSettings Load(IReadOnlyList<string> args, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        folder ??= Environment.CurrentDirectory;
        var sources = SettingsSources.Open(args, [folder], environment ?? SettingsSources.ProcessEnvironment());
        // What a broken file would have set is unknown: faults that follow from that would only confuse.
        if (sources.IsFileBroken) return new LoadedSettings(null, sources.Faults);

        var reader = new AgentSettingsReader(sources, folder);
        var settings = Read(reader, sources.File);
        reader.RefuseUnknownKeys();
        SettingFault[] faults = [.. sources.Faults, .. reader.Faults];
        return new LoadedSettings(faults.Length == 0 ? settings : null, faults);
    }

    /// <summary>Every key of the agent with the text of its default.</summary>
    public static IReadOnlyDictionary<string, string> Defaults()
    {
        var reader = new AgentSettingsReader(SettingsSources.None, Environment.CurrentDirectory);
        Read(reader, "");
        return reader.Defaults;
    }

    private static AgentSettings Read(AgentSettingsReader read, string file)
    {
        var data = read.Folder("Agent:DataFolder", AgentSettingsReader.OwnFolder());
        return new AgentSettings(ReadShop(read), data, ReadWhatsApp(read, data), ReadCloud(read), ReadTurns(read),
            ReadLog(read, data), ReadSend(read),
            new AlarmSettings(read.YesNo("Alarm:Bell", true), read.Text("Alarm:Command", "")), file);
    }

    private static ShopSettings ReadShop(AgentSettingsReader read) => new(
        read.Text("Shop:Name", "My shop"),
        read.Currency("Shop:Currency", "INR"),
        read.YesNo("Shop:TaxInclusive", true),
        read.Phone("Shop:Phone"),
        read.Text("Shop:Hours", ""),
        read.Text("Shop:Address", ""),
        read.Series("Shop:OrderSeries", "A"),
        read.QuantityMissing("Shop:QuantityMissing", QuantityMissing.Ask));

    private static WhatsAppSettings ReadWhatsApp(AgentSettingsReader read, string data) => new(
        read.Address("WhatsApp:Address", "https://web.whatsapp.com") ?? new Uri("https://web.whatsapp.com"),
        read.Browser("WhatsApp:Browser", "auto"),
        read.Folder("WhatsApp:ProfileFolder", Path.Combine(data, "profile")),
        read.YesNo("WhatsApp:Headless", false),
        read.File("WhatsApp:BundlePath"),
        read.Number("WhatsApp:MemoryMegabytes", 1500, 0, 100_000),
        read.Number("WhatsApp:MediaMegabytes", 20, 0, 2_000),
        read.Text("WhatsApp:Transcriber", ""),
        read.Number("WhatsApp:SettleSeconds", 60, 0, 600));

    private static CloudSettings ReadCloud(AgentSettingsReader read)
    {
        var cloud = new CloudSettings(
            read.Site("Cloud:Address"),
            read.Text("Cloud:Key", ""),
            read.Number("Cloud:ReplySeconds", 8, 1, 300),
            read.Number("Cloud:SyncSeconds", 15, 1, 86_400));
        if (read.IsSet("Cloud:Address") && cloud.Key.Length == 0)
            read.Fault("Cloud:Key", "is missing, but Cloud:Address is set",
                "Put the device key that the server showed for this shop into Cloud:Key, or empty Cloud:Address to "
                    + "work without a cloud.");
        if (!read.IsSet("Cloud:Address") && cloud.Key.Length > 0)
            read.Fault("Cloud:Address", "is missing, but Cloud:Key is set",
                "Put the server's address into Cloud:Address, or empty Cloud:Key to work without a cloud.");
        return cloud;
    }

    private static TurnSettings ReadTurns(AgentSettingsReader read) => new(
        read.Number("Turns:QuietSeconds", 6, 0, 600),
        read.Number("Turns:LateMinutes", 30, 1, 10_080),
        read.Number("Turns:TooOldHours", 24, 1, 8_760),
        read.Number("Turns:OwnerMinutes", 30, 1, 10_080),
        read.Text("Turns:OwnerWord", "#sak"));

    private static SendSettings ReadSend(AgentSettingsReader read)
    {
        foreach (var key in new[] { "Send:QuietFrom", "Send:QuietTo" })
            if (read.Text(key, "") is { Length: > 0 } text && SendSettings.TimeOfDay(text) is null)
                read.Fault(key, $"is \"{text}\", which is no time of day",
                    "Write hours and minutes, for example 22:00.");
        var (from, to) = (read.Text("Send:QuietFrom", ""), read.Text("Send:QuietTo", ""));
        if (from.Length == 0 != (to.Length == 0))
            read.Fault(from.Length == 0 ? "Send:QuietFrom" : "Send:QuietTo",
                "is missing, but the other end of the quiet hours is set",
                "Write both, for example 22:00 and 07:00, or neither.");
        else if (from.Length > 0 && SendSettings.TimeOfDay(from) is { } begin && begin == SendSettings.TimeOfDay(to))
            read.Fault("Send:QuietTo", $"is \"{to}\", the same as Send:QuietFrom",
                "Write two times, or leave both out for no quiet hours.");
        return new SendSettings(
            (int)read.Number("Send:PerMinute", 20, 1, 1_000),
            (int)read.Number("Send:PerChatMinute", 8, 1, 1_000),
            read.Number("Send:TypingSeconds", 2, 0, 30),
            from,
            to);
    }

    private static LogSettings ReadLog(AgentSettingsReader read, string data) => new(
        read.Level("Log:Level", LogLevel.Information),
        read.Folder("Log:Folder", Path.Combine(data, "logs")));
}

/// <param name="Currency">ISO 4217 code; products of another currency are not sold.</param>
/// <param name="OrderSeries">Stands before the order's number: series "A" makes A-1001.</param>
/// <param name="QuantityMissing">A product without a number: how many is asked, or it is one.</param>
public sealed record ShopSettings(string Name, string Currency, bool TaxInclusive, string Phone, string Hours,
    string Address, string OrderSeries, QuantityMissing QuantityMissing);

/// <param name="Browser">"auto", "chrome", "msedge", "bundled", or the path of a program.</param>
/// <param name="BundlePath">The wa-js bundle, or empty: then it is looked for where the set-up puts it.</param>
/// <param name="MemoryMegabytes">The browser is opened again, between two turns, when it takes more; 0: never.</param>
/// <param name="MediaMegabytes">Larger voice notes, pictures and documents stay in WhatsApp.</param>
/// <param name="Transcriber">A command that gets a voice note's file as its last word and prints what was said;
/// empty for none.</param>
/// <param name="SettleSeconds">SAK does not close sooner after the phone was linked: a login that is cut off may
/// not be stored.</param>
public sealed record WhatsAppSettings(
    Uri Address, string Browser, string ProfileFolder, bool Headless, string BundlePath, double MemoryMegabytes,
    double MediaMegabytes, string Transcriber,
    double SettleSeconds)
{
    public TimeSpan Settles => TimeSpan.FromSeconds(SettleSeconds);
}

/// <summary>How fast SAK may send, and when.</summary>
/// <param name="QuietFrom">"22:00", or empty for no quiet hours.</param>
public sealed record SendSettings(int PerMinute, int PerChatMinute, double TypingSeconds, string QuietFrom,
    string QuietTo)
{
    /// <summary>Reads "22:00"; null for nothing.</summary>
    public static TimeOnly? TimeOfDay(string text) =>
        TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : null;
}

/// <param name="Address">Null: the agent works alone.</param>
/// <param name="Key">Secret; never in logs.</param>
public sealed record CloudSettings(Uri? Address, string Key, double ReplySeconds, double SyncSeconds)
{
    public TimeSpan ReplyTime => TimeSpan.FromSeconds(ReplySeconds);

    public TimeSpan SyncTime => TimeSpan.FromSeconds(SyncSeconds);

    /// <summary>How long a sync may be silent. Longer than a reply: nobody waits for it.</summary>
    public TimeSpan Patience => ReplyTime * 4;

    /// <summary>Without the key, since settings end up in logs.</summary>
    public override string ToString() =>
        $"CloudSettings {{ Address = {Address?.ToString() ?? "none"}, Key = {(Key.Length > 0 ? "set" : "none")} }}";
}

/// <param name="QuietSeconds">A burst of messages is one turn after this time without another.</param>
/// <param name="LateMinutes">A reply to a message older than this begins with an apology.</param>
/// <param name="TooOldHours">A message older than this is kept and left to the owner; so is a reply that could not be
/// sent for this time.</param>
/// <param name="OwnerMinutes">After the owner writes in a chat, SAK sends nothing there for this many minutes.</param>
/// <param name="OwnerWord">Written by the owner in a chat, it gives the chat back to SAK at once.</param>
public sealed record TurnSettings(double QuietSeconds, double LateMinutes, double TooOldHours, double OwnerMinutes,
    string OwnerWord)
{
    public TimeSpan OwnerKeeps => TimeSpan.FromMinutes(OwnerMinutes);

    public TimeSpan Quiet => TimeSpan.FromSeconds(QuietSeconds);

    public TimeSpan Late => TimeSpan.FromMinutes(LateMinutes);

    public TimeSpan TooOld => TimeSpan.FromHours(TooOldHours);
}

/// <param name="Bell">The terminal's bell sounds when something new is wrong.</param>
/// <param name="Command">Is run then, with the sentence as its last word; empty for none.</param>
public sealed record AlarmSettings(bool Bell, string Command);

public sealed record LogSettings(LogLevel Level, string Folder);

/// <summary>
/// Settings, or everything that is wrong with them; then the caller prints the faults and exits with 2.
/// </summary>
public sealed record LoadedSettings(AgentSettings? Settings, IReadOnlyList<SettingFault> Faults)
{
    public const int FaultExitCode = 2;

    [MemberNotNullWhen(true, nameof(Settings))]
    public bool AreGood => Settings is not null;

    public void WriteFaults(TextWriter output) => SettingFault.Write(output, [.. Faults.Select(f => $"{f}")]);
}
