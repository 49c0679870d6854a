using System.Text.RegularExpressions;

namespace Sak.Tools;

/// <summary>One way to install something.</summary>
/// <param name="Name">Printed before it begins: "installing by apt".</param>
/// <param name="TryAsync">Returns the installer's output; only the following search decides whether it worked.</param>
internal sealed record SetupWay(string Name, Func<CancellationToken, Task<string>> TryAsync);

/// <summary>Something that a fresh machine may lack: used when found, otherwise the ways are tried in order.</summary>
/// <param name="FindAsync">Returns its path; null when it is missing.</param>
internal sealed partial record SetupStep(string Name, Func<Task<string?>> FindAsync, IReadOnlyList<SetupWay> Ways)
{
    private const int LongestReason = 200;

    /// <summary>True when it is found in the end. Prints single lines; an installer's output is not shown.</summary>
    public async Task<bool> RunAsync(Action<string> say, CancellationToken cancel)
    {
        if (await FindAsync() is { } place)
        {
            say($"{Name}: found {place}");
            return true;
        }

        foreach (var way in Ways)
        {
            // Printed before it begins, since a download may take minutes.
            say($"{Name}: {way.Name}");
            var reason = await TryAsync(way, cancel);
            if (await FindAsync() is not null) return true;
            say($"{Name}: {way.Name} failed ({reason})");
        }

        return false;
    }

    private static async Task<string> TryAsync(SetupWay way, CancellationToken cancel)
    {
        try
        {
            return Reason(await way.TryAsync(cancel));
        }
        catch (SetupException cannotStart)
        {
            return Reason(cannotStart.Message);
        }
    }

    /// <summary>The line of the output that names the error, else the last one.</summary>
    internal static string Reason(string output)
    {
        var lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var line = lines.FirstOrDefault(l => ErrorLine().IsMatch(l)) ?? lines.LastOrDefault() ?? "it wrote nothing";
        return line.Length <= LongestReason ? line : line[..LongestReason] + "…";
    }

    // How apt, Playwright and npm begin the line; npm's first lines hold only codes.
    [GeneratedRegex(@"^(E: |Error: |npm error (?!code |errno |syscall ))")]
    private static partial Regex ErrorLine();
}
