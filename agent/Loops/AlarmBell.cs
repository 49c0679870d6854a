using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sak.Agent.Loops;

/// <summary>
/// Calls the owner for each new trouble, with a bell in the terminal and a command from the settings; not more often
/// than every half minute.
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
                // The newest of the troubles that came during the pause gets one more bell.
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
