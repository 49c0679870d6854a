using FastEndpoints;

namespace Sak.Server.Api;

/// <summary>"?search=rice&amp;page=2&amp;size=50", all optional.</summary>
public abstract record SearchQuery : PageQuery
{
    /// <summary>A part of what is looked for; case does not count.</summary>
    /// <example>rice</example>
    [QueryParam]
    public string? Search { get; init; }

    /// <summary>The first fault, or null.</summary>
    internal string? Fault =>
        PageFault ?? (Search?.Contains('\0') == true ? "search holds a NUL letter, which no text has." : null);

    /// <summary>What to look for, in small letters; null for everything.</summary>
    internal string? Words => Search?.Trim().ToLowerInvariant() is { Length: > 0 } words ? words : null;
}
