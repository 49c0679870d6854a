using FastEndpoints;
using Microsoft.EntityFrameworkCore;

namespace Sak.Server.Api;

/// <summary>One page of a list.</summary>
/// <param name="Total">Rows of the whole list.</param>
/// <param name="Number">From 1.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, int Total, int Number, int Size);

/// <summary>"?page=2&amp;size=50", both optional: page from 1, size 1 to 200.</summary>
public abstract record PageQuery
{
    public const int MaxSize = 200;

    /// <summary>From 1, which is also the default.</summary>
    /// <example>1</example>
    [QueryParam]
    public int? Page { get; init; }

    /// <summary>1 to 200; 50 by default.</summary>
    /// <example>50</example>
    [QueryParam]
    public int? Size { get; init; }

    /// <summary>What is wrong with the page, or null.</summary>
    internal string? PageFault =>
        Page is < 1 or > 1_000_000 ? "page starts at 1; ask for example for ?page=1&size=50."
        : Size is < 1 or > MaxSize ? $"size is from 1 to {MaxSize}; ask for example for ?page=1&size=50."
        : null;

    /// <summary>Counts the list and reads its page; the list must have a fixed order.</summary>
    public async Task<(int Total, List<T> Rows)> ReadAsync<T>(IQueryable<T> list, CancellationToken cancel)
    {
        var total = await list.CountAsync(cancel);
        return (total, await list.Skip((Number - 1) * Length).Take(Length).ToListAsync(cancel));
    }

    public ListPage<TOut> Of<TOut>(int total, IReadOnlyList<TOut> items) => new(items, total, Number, Length);

    private int Number => Page ?? 1;

    private int Length => Size ?? 50;
}
