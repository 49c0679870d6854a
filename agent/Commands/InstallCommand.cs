using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Sak.Agent.Settings;

namespace Sak.Agent.Commands;

/// <summary>
/// sak-agent install: starts the agent when this user logs on. Not as a system service, because it drives a browser,
/// which needs the user's session.
/// </summary>
public static class InstallCommand
{
    public static Command Create()
    {
        var print = new Option<bool>("--print") { Description = "Show what would be written, and write nothing." };
        var remove = new Option<bool>("--remove") { Description = "Do not start at logon any more." };
        var command = new Command("install", "Start SAK by itself when you log on to this computer.") { print, remove };
        command.TakeSettings();
        command.SetAction((line, cancel) => RunAsync(line, line.GetValue(print), line.GetValue(remove), cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, bool print, bool remove, CancellationToken cancel)
    {
        var output = line.InvocationConfiguration.Output;
        var given = AgentSettingsOption.Arguments(line);
        if (!remove && line.Load() is { AreGood: false } faulty)
        {
            faulty.WriteFaults(output);
            return LoadedSettings.FaultExitCode;
        }

        if (given.Any(a => a.StartsWith("--Cloud:Key", StringComparison.OrdinalIgnoreCase)))
        {
            await output.WriteLineAsync(
                "The key would be readable in the start-up file. Put Cloud:Key into appsettings.json, or into the "
                    + "variable SAK_Cloud__Key.");
            return LoadedSettings.FaultExitCode;
        }

        var entry = InstallEntry.ForThisSystem(Program(), [.. ProgramArguments(), "run", .. given],
            Environment.CurrentDirectory);
        if (print) return await PrintAsync(entry, output, cancel);
        return remove ? await RemoveAsync(entry, output, cancel) : await WriteAsync(entry, output, cancel);
    }

    private static async Task<int> PrintAsync(InstallEntry entry, TextWriter output, CancellationToken cancel)
    {
        await output.WriteLineAsync($"# {entry.Path}".AsMemory(), cancel);
        await output.WriteLineAsync(entry.Text.AsMemory(), cancel);
        foreach (var step in entry.SwitchOn)
            await output.WriteLineAsync($"# then: {string.Join(' ', step)}".AsMemory(), cancel);
        return 0;
    }

    private static async Task<int> WriteAsync(InstallEntry entry, TextWriter output, CancellationToken cancel)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(entry.Path)!);
            await File.WriteAllTextAsync(entry.Path, entry.Text,
                entry.IsUtf16 ? Encoding.Unicode : new UTF8Encoding(false), cancel);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            await output.WriteLineAsync(
                $"{entry.Path} could not be written: {denied.Message} Check that you may write there, or use --print "
                    + "and put it in place yourself.");
            return 1;
        }

        await output.WriteLineAsync($"Written: {entry.Path}");
        return await RunStepsAsync(entry.SwitchOn, "SAK starts when you log on.", output, cancel);
    }

    private static async Task<int> RemoveAsync(InstallEntry entry, TextWriter output, CancellationToken cancel)
    {
        if (!File.Exists(entry.Path))
        {
            await output.WriteLineAsync($"Nothing to remove: there is no {entry.Path}.");
            return 0;
        }

        var done = await RunStepsAsync(entry.SwitchOff, "SAK does not start at logon any more.", output, cancel);
        File.Delete(entry.Path);
        return done;
    }

    private static async Task<int> RunStepsAsync(IReadOnlyList<IReadOnlyList<string>> steps, string done,
        TextWriter output, CancellationToken cancel)
    {
        foreach (var step in steps)
        {
            if (await RunStepAsync(step, cancel) is not { } fault) continue;
            await output.WriteLineAsync(
                $"\"{string.Join(' ', step)}\" failed: {fault} Run it yourself in a terminal of your desktop session.");
            return 1;
        }

        await output.WriteLineAsync(done);
        return 0;
    }

    private static async Task<string?> RunStepAsync(IReadOnlyList<string> step, CancellationToken cancel)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(step[0], step.Skip(1))
                {
                    RedirectStandardError = true,
                    RedirectStandardOutput = true,
                })!;
            var (said, complained) = (process.StandardOutput.ReadToEndAsync(cancel),
                process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            await said;
            return process.ExitCode == 0 ? null : $"{(await complained).Trim()} (exit code {process.ExitCode}).";
        }
        catch (Win32Exception absent)
        {
            return $"{absent.Message}.";
        }
    }

    private static string Program() => Environment.ProcessPath ?? "sak-agent";

    // Started as "dotnet sak-agent.dll", the program is dotnet and the agent its first argument.
    private static string[] ProgramArguments() =>
        Path.GetFileNameWithoutExtension(Program()).Equals("dotnet", StringComparison.OrdinalIgnoreCase) 
            ? [Path.Combine(AppContext.BaseDirectory, "sak-agent.dll")]
            : [];
}
