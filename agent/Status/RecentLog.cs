using Microsoft.Extensions.Logging;

namespace Sak.Agent.Status;

/// <summary>The last lines of the log, for the screen.</summary>
public sealed class RecentLog(TimeProvider clock) : ILoggerProvider
{
    private const int Most = 500;
    private readonly Queue<LogRow> _rows = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<LogRow> Newest
    {
        get
        {
            lock (_rows) return [.. _rows.Reverse()];
        }
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string text)
    {
        lock (_rows)
        {
            _rows.Enqueue(new LogRow(clock.GetUtcNow(), level.ToString().ToLowerInvariant(), text));
            if (_rows.Count > Most) _rows.Dequeue();
        }
    }

    private sealed class Writer(RecentLog log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) log.Add(logLevel, formatter(state, exception));
        }
    }
}
