using System.Globalization;

namespace Sak.Server.Books;

/// <summary>"?from=2026-04-01&amp;to=2026-04-30": UTC days, both included and both optional.</summary>
public sealed record Period(string? From, string? To)
{
    private const string Form = "yyyy-MM-dd";

    public string? Fault =>
        From is not null && Day(From) is null ? Wrong("from", From)
        : To is not null && Day(To) is null ? Wrong("to", To)
        : Day(From) > Day(To) ? "from is after to; exchange the two."
        : null;

    /// <summary>Unix milliseconds, included.</summary>
    public long First => Day(From) is { } day ? Start(day) : long.MinValue;

    /// <summary>Unix milliseconds, not included.</summary>
    public long Until => Day(To) is { } day && day < DateOnly.MaxValue ? Start(day.AddDays(1)) : long.MaxValue;

    /// <summary>For a file's name.</summary>
    public override string ToString() =>
        (Day(From), Day(To)) switch
        {
            (null, null) => "all",
            ({ } from, null) => Name(from) + "-on",
            (null, { } to) => "to-" + Name(to),
            ({ } from, { } to) => $"{Name(from)}-to-{Name(to)}",
        };

    private static string Name(DateOnly day) => day.ToString(Form, CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static long Start(DateOnly day) =>
        new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private static string Wrong(string name, string text) =>
        $"{name} \"{text}\" is not a day; write it as {Form}, for example 2026-04-01.";
}
