using System.CommandLine;

namespace Sak.Agent.Settings;

/// <summary>The settings on a command's line: --settings FILE and --Section:Key=value.</summary>
public static class AgentSettingsOption
{
    private const string Name = "--settings";

    // Carries "Cloud:Address=…" through the parser, for which a colon ends an option's name.
    private const string One = "--setting";

    /// <summary>
    /// Makes the command take settings; what it does not know itself is judged by <see cref="Load"/>.
    /// </summary>
    public static void TakeSettings(this Command command)
    {
        command.Options.Add(new Option<string?>(Name)
        {
            Description = "The settings file; without it appsettings.json in this folder, if there is one.",
            HelpName = "FILE",
        });
        command.Options.Add(new Option<string[]>(One) { Hidden = true });
        command.TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>Settings for a parsed command; unknown words on the line are among the faults.</summary>
    public static LoadedSettings Load(this ParseResult line) => AgentSettings.Load(Arguments(line));

    /// <summary>The part of the line that sets something, to be given to another start of the agent.</summary>
    public static IReadOnlyList<string> Arguments(ParseResult line)
    {
        var file = line.GetValue<string?>(Name);
        var given = (line.GetValue<string[]?>(One) ?? []).Select(one => $"--{one}");
        return [.. line.UnmatchedTokens, .. given, .. file is null ? [] : new[] { $"{Name}={file}" }];
    }

    /// <summary>
    /// A whole command line in two: the commands' own words, and what sets something, wherever it stood. A setting
    /// before a command's own word would be taken for the word, or the word for its value.
    /// </summary>
    public static (IReadOnlyList<string> Words, IReadOnlyList<string> Settings) Split(IReadOnlyList<string> args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=')[0];
            var isFile = name == Name;
            if (!isFile && !(name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':')))
            {
                words.Add(args[i]);
                continue;
            }

            var hasValue = name.Length < args[i].Length;
            var value = !hasValue && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                ? args[++i]
                : null;
            if (isFile) settings.AddRange(value is null ? [args[i]] : [Name, value]);
            else settings.AddRange([One, value is null ? args[i][2..] : $"{name[2..]}={value}"]);
        }

        return (words, settings);
    }
}
