using Sak.Server.Commands;
using Sak.Server.Settings;
using Sak.Sync.Linked.Settings;

namespace Sak.Server;

/// <summary>sak-server: exit code 0 done, 1 something outside stopped it, 2 settings or arguments.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        try
        {
            return await CommandLine.RunAsync(args);
        }
        catch (SettingsException e)
        {
            SettingFault.Write(Console.Error, e.Faults);
            return 2;
        }
        catch (ServerException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
