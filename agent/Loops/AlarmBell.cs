using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sak.Agent.Loops;

/// <summary>
/// Makes the owner look up: a bell in the terminal, a command of his, for each trouble that is new; not more often than
/// he can bear.
/// </summary>
/// <param name="ring">Sounds the bell; null where there is none.</param>
/// <param name="command">A command that gets the sentence as its last word; empty for none.</param>
public sealed class AlarmBell(Alarms alarms, Action? ring, string command, TimeProvider clock, ILogger<AlarmBell> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(20);
    private readonly OwnersCommand _command = new("alarm's command", command, CommandDeadline, clock, log);
    private readonly ConcurrentQueue<Trouble> _fresh = new();
    private readonly WakeUp _wake = new(clock);

    public async Task RunAsync(CancellationToken cancel)
    {
        alarms.Raised += Note;
        try
        {
            while (true)
            {
                if (!await _wake.WaitAsync(TimeSpan.FromHours(1), cancel)) continue;
                if (!_fresh.TryDequeue(out var first)) continue;
                ring?.Invoke();
                if (_command.IsSet) await _command.RunAsync($"{first.What} {first.Next}", cancel);
                await Task.Delay(Pause, clock, cancel);
                // What came in the pause is told by one more bell, the latest of it.
                while (_fresh.Count > 1) _fresh.TryDequeue(out _);
                if (!_fresh.IsEmpty) _wake.Ring();
            }
        }
        finally
        {
            alarms.Raised -= Note;
        }
    }

    private void Note(Trouble trouble)
    {
        _fresh.Enqueue(trouble);
        _wake.Ring();
    }
}
