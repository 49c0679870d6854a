using Sak.Agent.Commands;

namespace Sak.Tools;

/// <summary>Where things are in a checkout.</summary>
public static class House
{
    /// <summary>The folder of Sak.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration that this program was built in; its sisters are run in the same.</summary>
    public static string Configuration { get; } = AppContext.BaseDirectory.Contains(
        $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        ? "Release"
        : "Debug";

    public static string AgentProgram => Path.Combine(Root, "agent", "bin", Configuration, "net10.0", "sak-agent.dll");

    public static string ServerProgram =>
        Path.Combine(Root, "server", "bin", Configuration, "net10.0", "sak-server.dll");

    /// <summary>
    /// The environment of sak-agent as it is installed, for its code where it is measured within this program; a floor
    /// has the runtime's own.
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

/// <summary>Something that is needed can't be had; the message says what to do.</summary>
public sealed class SetupException(string message) : Exception(message);
