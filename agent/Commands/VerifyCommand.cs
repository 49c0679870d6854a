using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.Status;
using Sak.Agent.Sync;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Commands;

/// <summary>
/// verify: compares WhatsApp Web's own store with SAK's database. Exit code 0 when they agree, 1 when a message is
/// missing or doubled.
/// </summary>
internal static class VerifyCommand
{
    private const int Page = 500;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);

    public static Command Create()
    {
        var from = new Option<string?>("--from")
        {
            Description = "First day, as 2026-11-22 (default: the day before yesterday).",
            HelpName = "DAY",
        };
        var to = new Option<string?>("--to") { Description = "Last day (default: today).", HelpName = "DAY" };
        var command = new Command("verify",
            "Compares WhatsApp Web's own store with what SAK captured, answered and recorded, and lists what is "
                + "missing or doubled.") { from, to };
        command.Run(
            (line, settings, cancel) =>
                RunAsync(settings, line.GetValue(from), line.GetValue(to), TimeProvider.System, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentSettings settings, string? from, string? to, TimeProvider clock,
        CancellationToken cancel)
    {
        var today = clock.GetLocalNow().Date;
        var (first, last) = (Day(from, today.AddDays(-2)), Day(to, today));
        using var one = DataLock.Take(settings.DataFolder);
        await using var db = OpenReplica.At(settings.DatabaseFile, clock, one);
        // Messages that can't be decrypted are listed at once instead of waited for.
        await using var page = new WhatsAppWeb(
            RunCommand.Options(settings) with { UnreadablePatience = TimeSpan.Zero }, clock,
            NullLogger<WhatsAppWeb>.Instance);
        await page.OpenAsync(cancel);
        await ReadyAsync(page, clock, cancel);
        return await CompareAsync(page, db, first, last, clock, Console.Out, cancel);
    }

    /// <returns>0 when they agree, else 1.</returns>
    internal static async Task<int> CompareAsync(IWhatsApp page, ReplicaDb db, DateTime first, DateTime last,
        TimeProvider clock, TextWriter output, CancellationToken cancel)
    {
        var theirs = await ReadAllAsync(page, cancel);
        var report = await new Verification(db)
            .CompareAsync(theirs, Start(first, clock), Start(last.AddDays(1), clock), cancel);
        await WriteAsync(output, report, first, last);
        return report.IsGood ? 0 : 1;
    }

    /// <summary>All messages that WhatsApp Web has stored; one that can't be decrypted is listed as sealed.</summary>
    private static async Task<List<WhatsAppMessage>> ReadAllAsync(IWhatsApp page, CancellationToken cancel)
    {
        var all = new List<WhatsAppMessage>();
        var cursor = 0L;
        while (true)
        {
            var scan = await page.ScanAsync(cursor, Page, cancel);
            all.AddRange(scan.Messages);
            if (scan.Complete || scan.Cursor <= cursor) return all;
            cursor = scan.Cursor;
        }
    }

    private static async Task ReadyAsync(IWhatsApp page, TimeProvider clock, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(ReadyWithin, clock);
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        var reason = "WhatsApp Web did not get ready.";
        try
        {
            await foreach (var what in page.Events.ReadAllAsync(most.Token))
            {
                if (what is not WhatsAppEvent.StateChanged changed) continue;
                if (changed.State == WhatsAppState.Ready) return;
                if (changed.Reason.Length > 0) reason = changed.Reason;
                if (changed.State is WhatsAppState.NeedsLogin or WhatsAppState.Changed or WhatsAppState.Closed) break;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // The last state change holds the reason.
        }

        throw new WhatsAppException($"There is nothing to compare with: {reason}");
    }

    private static async Task WriteAsync(TextWriter output, VerificationReport report, DateTime first, DateTime last)
    {
        await output.WriteLineAsync($"From {first:yyyy-MM-dd} to {last:yyyy-MM-dd}, messages of customers:");
        await output.WriteLineAsync($"  in WhatsApp  {report.There,6}");
        await output.WriteLineAsync($"  captured     {report.Captured,6}");
        await output.WriteLineAsync(
            $"  answered     {report.Answered,6}   (left to you: {report.LeftToOwner}, waiting: {report.Waiting})");
        await output.WriteLineAsync($"  ignored      {report.Ignored,6}   (groups, broadcasts and status posts)");
        await output.WriteLineAsync(
            $"  sealed       {report.Sealed,6}   (WhatsApp could not decrypt them on this PC; open them on the phone)");
        await output.WriteLineAsync($"  orders       {report.Orders,6}");
        await output.WriteLineAsync($"  missing      {report.Missing.Count,6}");
        await output.WriteLineAsync($"  doubled      {report.Doubled.Count,6}");
        foreach (var line in report.Missing.Concat(report.Doubled))
            await output.WriteLineAsync(TerminalText.Lines($"    {line}"));
        await output.WriteLineAsync(
            report.IsGood
                ? "They agree."
                : "They differ. Missing messages of customers are captured at the next start; tell the customers about "
                    + "the rest. If this stays, send this list to support.");
    }

    private static DateTimeOffset Start(DateTime day, TimeProvider clock) =>
        new(day, clock.LocalTimeZone.GetUtcOffset(day));

    private static DateTime Day(string? text, DateTime otherwise) =>
        text is null ? otherwise
        : DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
        : throw new CommandException($"\"{text}\" is no day. Write it as 2026-11-22.");
}
