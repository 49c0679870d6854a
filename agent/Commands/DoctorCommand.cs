using System.CommandLine;
using Sak.Agent.Settings;

namespace Sak.Agent.Commands;

/// <summary>sak-agent doctor: checks everything that SAK needs, and says what to do about each fault.</summary>
public static class DoctorCommand
{
    /// <param name="findBrowser">Finds the browser that will be used; throws <see cref="WhatsApp.WhatsAppException"/>
    /// when there is none.</param>
    /// <param name="findBundle">Finds the wa-js bundle that will be used; throws
    /// <see cref="WhatsApp.WhatsAppException"/> when there is none.</param>
    public static Command Create(Func<AgentSettings, Task<string>> findBrowser, Func<AgentSettings, string> findBundle)
    {
        var command = new Command("doctor", "Check this computer, the settings and the cloud, and say what to repair.");
        command.TakeSettings();
        command.SetAction((line, cancel) => RunAsync(line, findBrowser, findBundle, cancel));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult line, Func<AgentSettings, Task<string>> findBrowser,
        Func<AgentSettings, string> findBundle,
        CancellationToken cancel)
    {
        var output = line.InvocationConfiguration.Output;
        var loaded = line.Load();
        if (!loaded.AreGood)
        {
            foreach (var fault in loaded.Faults)
                await WriteAsync(output, DoctorFinding.Bad("Settings", $"{fault.Where} {fault.What}.", fault.Next));
            return 1;
        }

        var failures = 0;
        await foreach (var finding in DoctorChecks.RunAsync(loaded.Settings, findBrowser, findBundle,
            TimeProvider.System, cancel))
        {
            if (!finding.IsGood) failures++;
            await WriteAsync(output, finding);
        }

        await output.WriteLineAsync();
        await output.WriteLineAsync(
            failures == 0 ? "All is well." : failures == 1 ? "One thing needs you." : $"{failures} things need you.");
        return failures == 0 ? 0 : 1;
    }

    private static async Task WriteAsync(TextWriter output, DoctorFinding finding)
    {
        await output.WriteLineAsync($" {(finding.IsGood ? '✓' : '✗')} {finding.What,-12} {finding.Found}");
        if (finding.Next.Length > 0) await output.WriteLineAsync($"   {"",-12} → {finding.Next}");
    }
}
