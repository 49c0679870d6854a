using System.Collections.Concurrent;

namespace Sak.Agent.Loops;

/// <summary>What is wrong right now, by name; kept in memory since the database itself may be what is wrong.</summary>
public sealed class Alarms(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Trouble> _troubles = new();

    /// <summary>Raised with each trouble that is new.</summary>
    public event Action<Trouble>? Raised;

    /// <summary>A trouble that is raised again keeps the time it began.</summary>
    public void Raise(string name, string what, string next)
    {
        var fresh = new Trouble(clock.GetUtcNow(), what, next);
        var now = _troubles.AddOrUpdate(name, fresh, (_, known) => known.What == what ? known : fresh);
        if (ReferenceEquals(now, fresh)) Raised?.Invoke(fresh);
    }

    public void Clear(string name) => _troubles.TryRemove(name, out _);

    public IReadOnlyList<Trouble> Now => [.. _troubles.Values.OrderByDescending(t => t.At)];
}
