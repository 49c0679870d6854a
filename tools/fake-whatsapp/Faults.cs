using System.Collections.Concurrent;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>What goes wrong, beyond the delivery of one message. Each counts how often it happened.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<string, int> _fired = new();

    /// <summary>So many sends come back as failed (ack -1); the customer gets nothing.</summary>
    public int FailSends { get; set; }

    /// <summary>So many sends reach the customer, but the page never hears of it.</summary>
    public int LoseAcks { get; set; }

    /// <summary>So many files can't be fetched.</summary>
    public int FailDownloads { get; set; }

    /// <summary>Time that the page waits for the answer to each send.</summary>
    public TimeSpan AckDelay { get; set; }

    /// <summary>The customer's phone sends no receipts: ticks stay at one.</summary>
    public bool LoseReceipts { get; set; }

    /// <summary>Connected but silent: nothing is delivered and sends hang, until this is false again.</summary>
    public bool Stalled { get; set; }

    /// <summary>Names of modules that pages opened from now on don't have.</summary>
    public IReadOnlyList<string> HiddenModules { get; set; } = [];

    /// <summary>Pages opened from now on have no module runtime that wa-js could find.</summary>
    public bool Unrecognisable { get; set; }

    /// <summary>How often each fault happened, by name.</summary>
    public IReadOnlyDictionary<string, int> Fired => _fired;

    internal void Count(string name) => _fired.AddOrUpdate(name, 1, (_, n) => n + 1);

    internal bool Use(string name, int left, Action<int> set)
    {
        if (left <= 0) return false;
        set(left - 1);
        Count(name);
        return true;
    }
}
