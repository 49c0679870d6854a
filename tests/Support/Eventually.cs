using System.Diagnostics;

namespace Sak.Tests.Support;

/// <summary>Waits for a condition instead of sleeping.</summary>
public static class Eventually
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    /// <summary>Checks until the condition holds; fails with <paramref name="what"/> when the time is over.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition, string what, TimeSpan? most = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (most ?? Most))
                Assert.Fail($"Did not happen in {(most ?? Most).TotalSeconds:0} s: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static Task IsTrueAsync(Func<bool> condition, string what, TimeSpan? most = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), what, most);
}
