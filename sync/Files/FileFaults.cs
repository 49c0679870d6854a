namespace Sak.Sync.Files;

/// <summary>
/// What is wrong with a file. Every fault is counted and the first hundred are kept, so that a large file of nonsense
/// does not become a larger list.
/// </summary>
public sealed class FileFaults
{
    private const int MaxKept = 100;
    private readonly List<string> _kept = [];

    public int Count { get; private set; }

    /// <summary>"line 7: price is empty", in the order of the file.</summary>
    public IReadOnlyList<string> Kept => _kept;

    public void Add(string fault)
    {
        if (Count++ < MaxKept) _kept.Add(fault);
    }

    public void Add(int line, string fault) => Add($"line {line}: {fault}");

    /// <summary>"the file has 3 faults".</summary>
    public override string ToString() => $"the file has {Count} fault{(Count == 1 ? "" : "s")}";

    /// <summary>The first faults, a line each, and how many more there are.</summary>
    public string List(int most) =>
        string.Join('\n', _kept.Take(most)) + (Count > most ? $"\n… and {Count - most} more" : "");
}
