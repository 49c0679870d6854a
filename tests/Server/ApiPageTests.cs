using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Sak.Tests.Contracts;
using Sak.Tools;

namespace Sak.Tests.Server;

/// <summary>The page for people who write programs against the server.</summary>
public sealed partial class ApiPageTests
{
    [Fact]
    public async Task Every_command_of_the_page_works_as_it_is_written()
    {
        await using var server = await TestServer.StartAsync(Engine.Sqlite);
        var (key, _) = await server.AddShopAsync();
        var folder = Directory.CreateTempSubdirectory("sak-api-page-");
        var page = await File.ReadAllTextAsync(Path.Combine(House.Root, "server", "API.md"));
        var commands = Command().Matches(page).Select(m => m.Value).ToList();
        Assert.True(commands.Count >= 12, $"Only {commands.Count} commands were found.");
        var variables = new Dictionary<string, string>
        {
            ["SERVER"] = server.Address.ToString().TrimEnd('/'),
            ["DEVICE"] = key.Key,
            ["OWNER"] = await KeyAsync("owner"),
            ["KEY"] = await KeyAsync("accountant"),
        };

        foreach (var command in commands)
            Assert.True(await RunAsync(command, folder.FullName, variables) == 0, $"This failed: {command}");

        Assert.StartsWith("\ufefforder_number", await File.ReadAllTextAsync(Path.Combine(folder.FullName, "april.csv"),
            new System.Text.UTF8Encoding(false)));
        folder.Delete(recursive: true);

        async Task<string> KeyAsync(string role) =>
            (await server.AddKeyAsync(key.Shop, role)).DefaultRequestHeaders.Authorization!.Parameter!;
    }

    private static async Task<int> RunAsync(string command, string folder, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("bash", ["-c", $"set -o pipefail; {command}"])
            { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        try
        {
            using var process = Process.Start(start)!;
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen(process.ExitCode == 127, "curl is not installed.");
            return process.ExitCode;
        }
        catch (Win32Exception)
        {
            Assert.Skip("There is no bash here.");
            throw;
        }
    }

    [GeneratedRegex(@"^(curl|printf) .+$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
