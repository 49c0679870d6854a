namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>A clock that jumps to the next timer, so that a day takes only as long as its work.</summary>
public sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(Timer Timer, int Setting), (DateTimeOffset Due, long Order)> _due = new();
    private DateTimeOffset _now = start;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), period);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs an action at a later time.</summary>
    public void After(TimeSpan wait, Action what) => CreateTimer(_ => what(), null, wait, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Jumps to the next timer and fires it; false when there is none before <paramref name="end"/>, to which the clock
    /// is then set.
    /// </summary>
    public bool Next(DateTimeOffset end)
    {
        while (true)
        {
            Timer timer;
            lock (_gate)
            {
                if (!_due.TryPeek(out var next, out var when) || when.Due > end)
                {
                    _now = end > _now ? end : _now;
                    return false;
                }

                _due.Dequeue();
                if (next.Timer.Setting != next.Setting) continue; // Disposed or set again since.
                if (when.Due > _now) _now = when.Due;
                timer = next.Timer;
            }

            timer.Fire();
            return true;
        }
    }

    private sealed class Timer(VirtualTime time, Action fire, TimeSpan period) : ITimer
    {
        public int Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time._gate)
            {
                Setting++;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    time._due.Enqueue((this, Setting), (time._now + dueTime, time._order++));
            }

            return true;
        }

        public void Fire()
        {
            if (period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero) Change(period, period);
            fire();
        }

        public void Dispose()
        {
            lock (time._gate) Setting++;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>
/// Runs an agent's work on one thread, step by step: the same seed takes the same steps, and the agent can be killed
/// between any two. Remaining steps then never run, as after a power cut.
/// </summary>
internal sealed class OneThread : TaskScheduler
{
    private readonly Lock _gate = new();
    private readonly Queue<Task> _waiting = new();
    private bool _dead;

    /// <summary>Runs the next step; false when there is none.</summary>
    public bool Step()
    {
        Task? next;
        lock (_gate)
            if (_dead || !_waiting.TryDequeue(out next)) return false;
        TryExecuteTask(next);
        return true;
    }

    public void Die()
    {
        lock (_gate)
        {
            _dead = true;
            _waiting.Clear();
        }
    }

    protected override void QueueTask(Task task)
    {
        lock (_gate)
            if (!_dead) _waiting.Enqueue(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate) return [.. _waiting];
    }
}
