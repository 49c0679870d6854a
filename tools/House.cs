using Sak.Agent.Commands;

namespace Sak.Tools;

/// <summary>Paths of a checkout.</summary>
public static class House
{
    /// <summary>The folder of Sak.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The build configuration of this program; the programs that it starts use the same.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains(
        $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    public static string AgentProgram => Path.Combine(Root, "agent", "bin", Configuration, "net10.0", "sak-agent.dll");

    public static string ServerProgram =>
        Path.Combine(Root, "server", "bin", Configuration, "net10.0", "sak-server.dll");

    /// <summary>
    /// The runtime settings of sak-agent, for measuring its code inside this program; a floor has
    /// the runtime's defaults.
    /// </summary>
    public static IReadOnlyDictionary<string, string?> AgentRuntime { get; } = new Dictionary<string, string?>
    {
        ["DOTNET_GCGen0MaxBudget"] = "400000",
        [InstallEntry.ReturnFreedMemory.Name] = InstallEntry.ReturnFreedMemory.Value,
    };

    public static string BridgeFolder => Path.Combine(Root, "agent", "WhatsApp", "bridge");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Sak.sln"))) return folder.FullName;
        throw new SetupException(
            "Sak.sln was not found above this program. Run it from a checkout: dotnet run --project tools -- …");
    }
}

/// <summary>Something needed can't be obtained; the message says what to do.</summary>
public sealed class SetupException(string message) : Exception(message);
