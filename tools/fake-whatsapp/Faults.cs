using System.Collections.Concurrent;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>Faults other than those of one message's delivery. Each is counted.</summary>
public sealed class Faults
{
    private readonly ConcurrentDictionary<string, int> _fired = new();

    /// <summary>Number of sends that fail (ack -1); the customer gets nothing.</summary>
    public int FailSends { get; set; }

    /// <summary>Number of sends that reach the customer without an acknowledgement to the page.</summary>
    public int LoseAcks { get; set; }

    /// <summary>Number of files that can't be downloaded.</summary>
    public int FailDownloads { get; set; }

    /// <summary>Delay of the answer to each send.</summary>
    public TimeSpan AckDelay { get; set; }

    /// <summary>The customer's phone sends no receipts.</summary>
    public bool LoseReceipts { get; set; }

    /// <summary>Connected but silent: until this is false again nothing is delivered and sends hang.</summary>
    public bool Stalled { get; set; }

    /// <summary>Names of modules that pages lack from their next load.</summary>
    public IReadOnlyList<string> HiddenModules { get; set; } = [];

    /// <summary>From their next load pages have no module runtime that wa-js could find.</summary>
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
