using System.CommandLine;

namespace Sak.Agent;

/// <summary>The settings on a command's line: --settings FILE and --Section:Key=value.</summary>
public static class AgentSettingsOption
{
    private const string Name = "--settings";

    /// <summary>Makes the command take settings; what it does not know itself is judged by <see cref="Load"/>.</summary>
    public static void TakeSettings(this Command command)
    {
        command.Options.Add(new Option<string?>(Name)
        {
            Description = "The settings file; without it appsettings.json in this folder, if there is one.",
            HelpName = "FILE",
        });
        // "--Cloud:Address=…" cannot be declared: the parser would cut it at the colon.
        command.TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>Settings for a parsed command; unknown words on the line are among the faults.</summary>
    public static LoadedSettings Load(this ParseResult line) => AgentSettings.Load(Arguments(line));

    /// <summary>The part of the line that sets something, to be given to another start of the agent.</summary>
    public static IReadOnlyList<string> Arguments(ParseResult line)
    {
        var file = line.GetValue<string?>(Name);
        return file is null ? line.UnmatchedTokens : [.. line.UnmatchedTokens, $"{Name}={file}"];
    }
}
