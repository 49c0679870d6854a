using System.CommandLine;

namespace Sak.Tests.Tidy;

/// <summary>
/// A program's commands with options, arguments and defaults, one a line, without the help's wording.
/// </summary>
internal static class CommandFeatures
{
    // Its default comes from the machine: npm's own setting.
    private static readonly string[] FromTheMachine = ["--registry"];

    public static IEnumerable<string> Of(string path, Command command)
    {
        yield return path;
        foreach (var argument in command.Arguments.Where(a => !a.Hidden)) yield return $"{path} {Argument(argument)}";
        foreach (var option in command.Options.Where(o => !o.Hidden)) yield return $"{path} {Option(option)}";
        foreach (var child in command.Subcommands.Where(c => !c.Hidden))
            foreach (var line in Of($"{path} {child.Name}", child))
                yield return line;
    }

    private static string Argument(Argument argument)
    {
        var name = argument.Arity.MinimumNumberOfValues == 0 ? $"[<{argument.Name}>]" : $"<{argument.Name}>";
        return name + Default(argument.HasDefaultValue ? argument.GetDefaultValue() : null);
    }

    private static string Option(Option option)
    {
        var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name));
        var isFlag = option.ValueType == typeof(bool) || option.Arity.MaximumNumberOfValues == 0;
        var value = option.Arity.MaximumNumberOfValues > 1 ? " <value>..." : " <value>";
        if (isFlag) return names;
        var isFixed = option.HasDefaultValue && !FromTheMachine.Contains(option.Name);
        var ends = option.Required ? " (required)" : Default(isFixed ? option.GetDefaultValue() : null);
        return names + value + ends;
    }

    private static string Default(object? value) =>
        value is null or "" ? "" : FormattableString.Invariant($" = {value}");
}
