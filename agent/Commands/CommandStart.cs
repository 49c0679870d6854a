using System.CommandLine;
using Sak.Agent.Catalog;
using Sak.Agent.Database;
using Sak.Agent.Settings;
using Sak.Agent.WhatsApp;
using Sak.Sync.Replica;

namespace Sak.Agent.Commands;

/// <summary>
/// How every command begins and ends: settings or all their faults; one sentence for what goes wrong; exit codes 0, 1,
/// 2.
/// </summary>
internal static class CommandStart
{
    public static void Run(this Command command, Func<ParseResult, AgentSettings, CancellationToken, Task<int>> run)
    {
        command.TakeSettings();
        command.SetAction(async (line, cancel) =>
        {
            var loaded = line.Load();
            if (!loaded.AreGood)
            {
                loaded.WriteFaults(Console.Error);
                return LoadedSettings.FaultExitCode;
            }

            return await SayWhatIsWrongAsync(() => run(line, loaded.Settings, cancel), loaded.Settings, cancel);
        });
    }

    // Customers, chats and the WhatsApp login lie in it: nobody else on this PC may look.
    private static void MakeDataFolder(string folder)
    {
        if (File.Exists(folder))
            throw new StoreException(
                $"{folder} is a file, and SAK's data need a folder. Set Agent:DataFolder to a folder.");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<int> SayWhatIsWrongAsync(Func<Task<int>> run, AgentSettings settings,
        CancellationToken cancel)
    {
        try
        {
            MakeDataFolder(settings.DataFolder);
            return await run();
        }
        catch (Exception error) when (error is StoreException or WhatsAppException or CloudUnavailableException
            or CloudRefusedException or ImportException or CommandException)
        {
            await Console.Error.WriteLineAsync(TerminalText.Lines(error.Message));
            return 1;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync(
                $"{error.Message} Give this user the right to it; if it is SAK's data folder, you may set "
                    + $"Agent:DataFolder to another one.");
            return 1;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"{error.Message} Check the disk and the folder {settings.DataFolder}.");
            return 1;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return 0;
        }
    }
}

/// <summary>A command can't do what it was asked; the message says why and what to do.</summary>
internal sealed class CommandException(string message) : Exception(message);
