using System.CommandLine;
using QRCoder;
using Sak.Agent.Dashboard;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Commands;

/// <summary>
/// pair: shows the login code, or a code to type into the phone, and waits until the phone is linked.
/// Answers no customer.
/// </summary>
internal static class PairCommand
{
    // A code for the phone is valid for a little over three minutes.
    private static readonly TimeSpan NewCodeEvery = TimeSpan.FromSeconds(180);

    public static Command Create()
    {
        var phone = new Option<string?>("--phone")
        {
            Description =
                "The shop's own number: shows a code to type into WhatsApp on that phone instead of one to scan.",
            HelpName = "NUMBER",
        };
        var png = new Option<FileInfo?>("--png")
        {
            Description = "Write each code to scan to this file too, as a picture.",
            HelpName = "FILE",
        };
        var hurry = new Option<bool>("--no-wait")
        {
            Description = "Do not stay open for the minute in which WhatsApp stores the login.",
        };
        var command = new Command("pair", "Links this PC with the shop's WhatsApp and does nothing else.") { phone,
            png, hurry };
        command.Run(
            (line, settings, cancel) =>
                RunAsync(settings, Digits(line.GetValue(phone)), line.GetValue(png),
                    line.GetValue(hurry) ? TimeSpan.Zero : settings.WhatsApp.Settles, cancel));
        return command;
    }

    private static async Task<int> RunAsync(AgentSettings settings, string phone, FileInfo? png, TimeSpan settles,
        CancellationToken cancel)
    {
        using var one = DataLock.Take(settings.DataFolder);
        await using var page =
            (WhatsAppWeb)RunCommand.OpenWhatsApp(settings,
                Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)();
        await page.OpenAsync(cancel);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var codes = Task.CompletedTask;
        var isNew = false;
        await foreach (var what in page.Events.ReadAllAsync(cancel))
        {
            switch (what)
            {
                case WhatsAppEvent.LoginCode { Code.Length: > 0 } login:
                    isNew = true;
                    if (phone.Length == 0) await ShowAsync(login.Code, png, cancel);
                    else if (codes.IsCompleted) codes = ShowPhoneCodesAsync(page, phone, linked.Token);
                    break;
                case WhatsAppEvent.StateChanged { State: WhatsAppState.Ready }:
                    await linked.CancelAsync();
                    await codes.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    if (isNew) await SettleAsync(settles, cancel);
                    await Console.Out.WriteLineAsync("Linked. Start the shop with: sak-agent run");
                    return 0;
                case WhatsAppEvent.StateChanged { Reason.Length: > 0 } changed
                    when phone.Length == 0 || changed.State != WhatsAppState.NeedsLogin:
                    await Console.Out.WriteLineAsync(changed.Reason);
                    break;
            }

            if (codes.IsFaulted) await codes;
        }

        throw new WhatsAppException("The browser closed before the phone was linked. Run it again.");
    }

    private static async Task SettleAsync(TimeSpan time, CancellationToken cancel)
    {
        if (time <= TimeSpan.Zero) return;
        await Console.Out.WriteLineAsync(
            $"The phone is linked. WhatsApp stores the login now; this takes {time.TotalSeconds:0} seconds. (Ctrl+C "
                + "ends it sooner, and the phone may have to be linked again.)");
        await Task.Delay(time, TimeProvider.System, cancel);
    }

    private static async Task ShowPhoneCodesAsync(WhatsAppWeb page, string phone, CancellationToken cancel)
    {
        while (true)
        {
            var code = await page.LinkCodeAsync(phone, cancel);
            await Console.Out.WriteLineAsync(
                "WhatsApp on the phone → Linked devices → Link a device → Link with phone number instead, and type:");
            await Console.Out.WriteLineAsync($"  {code[..(code.Length / 2)]}-{code[(code.Length / 2)..]}");
            await Task.Delay(NewCodeEvery, TimeProvider.System, cancel);
        }
    }

    private static async Task ShowAsync(string code, FileInfo? png, CancellationToken cancel)
    {
        if (png is not null) await File.WriteAllBytesAsync(png.FullName, Picture(code), cancel);
        var also = png is null ? "" : $" (also in {png.FullName})";
        await Console.Out.WriteLineAsync($"WhatsApp on the phone → Linked devices → Link a device, and scan{also}:");
        foreach (var line in new LoginCodePicture(code).Lines()) await Console.Out.WriteLineAsync("  " + line);
    }

    /// <summary>The code as a PNG picture.</summary>
    internal static byte[] Picture(string code)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.L);
        return new PngByteQRCode(data).GetGraphic(8);
    }

    private static string Digits(string? phone)
    {
        if (phone is null) return "";
        var digits = string.Concat(phone.Where(char.IsAsciiDigit));
        return digits.Length is >= 8 and <= 15
            ? digits
            : throw new CommandException(
                $"\"{phone}\" is no phone number. Write it with the country code, for example +91 98000 00001.");
    }
}
