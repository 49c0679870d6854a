namespace Sak.Tests.Support;

/// <summary>The time at which a test's clock starts by default.</summary>
internal static class TestTime
{
    public static DateTimeOffset Start { get; } = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
}
