using Sak.Sync.Replica;
using Spectre.Console;

namespace Sak.Agent.Commands;

/// <summary>
/// Progress of a first load: a bar on a terminal, otherwise one line for each tenth. Shows nothing when the number of
/// rows is unknown.
/// </summary>
internal sealed class LoadProgress(IAnsiConsole console, TextWriter lines, bool isTerminal)
{
    private readonly Dictionary<string, string> _names = Tables.All.ToDictionary(t => t.Name,
        t => t.Name.Replace('_', ' '));
    private ProgressTask? _bar;
    private long _told;

    /// <summary>Runs the work and draws the bar during it; <see cref="Show"/> moves the bar.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> work) =>
        !isTerminal
            ? work()
            : console.Progress()
                .AutoClear(true)
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(),
                    new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async shown =>
                {
                    _bar = shown.AddTask("Asking the cloud", autoStart: true);
                    return await work();
                });

    public void Show(SyncProgress progress)
    {
        if (progress.Total == 0) return;
        var words = $"{progress.Rows:N0} of {progress.Total:N0} rows";
        if (_bar is not null)
        {
            _bar.Description = $"{words}{(_names.GetValueOrDefault(progress.Table) is { } table ? $", {table}" : "")}";
            (_bar.MaxValue, _bar.Value) = (progress.Total, progress.Rows);
        }
        else if (progress.Rows * 10 / progress.Total > _told || (progress.Done && _told < 10))
        {
            _told = progress.Rows * 10 / progress.Total;
            lines.WriteLine($"Received {words}.");
        }
    }
}
