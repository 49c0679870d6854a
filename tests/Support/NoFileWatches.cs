using System.Runtime.CompilerServices;

namespace Sak.Tests.Support;

/// <summary>
/// Fakes and proxies of the tests read no settings, and dozens of them must not use up the system's file watches.
/// </summary>
internal static class NoFileWatches
{
    [ModuleInitializer]
    internal static void Set() =>
    Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");
}
