using System.Collections.Concurrent;
using Sak.Agent.Database;
using Sak.Agent.Loops;

namespace Sak.Agent.Chats;

/// <summary>
/// Works on chats: looks for due work whenever something was written, the connection changed or time has passed, does
/// it side by side, one thing at a time within a chat, and waits at the end for the work under way.
/// </summary>
/// <param name="sideBySide">Chats worked on at once.</param>
internal sealed class ChatLoop(ReplicaDb db, WhatsAppLink link, NumberLease lease, int sideBySide, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Task> _running = new();
    private readonly WakeUp _wake = new(clock);

    public int Running => _running.Count;

    public bool IsFull => _running.Count >= sideBySide;

    public bool IsBusy(string chat) => _running.ContainsKey(chat);

    /// <param name="startDue">Starts the work that is due; gives how long nothing more will be due.</param>
    public async Task RunAsync(Func<CancellationToken, Task<TimeSpan>> startDue, CancellationToken cancel)
    {
        db.Written += _wake.Ring;
        link.Changed += _wake.Ring;
        lease.Changed += _wake.Ring;
        try
        {
            while (true) await _wake.WaitAsync(await startDue(cancel), cancel);
        }
        finally
        {
            db.Written -= _wake.Ring;
            link.Changed -= _wake.Ring;
            lease.Changed -= _wake.Ring;
            await Task.WhenAll(_running.Values);
        }
    }

    /// <param name="work">Takes care of its own failures.</param>
    public void Start(string chat, Func<Task> work)
    {
        var over = new TaskCompletionSource();
        _running[chat] = over.Task;
        _ = Task.Factory.StartNew(() => DoAsync(chat, work, over), CancellationToken.None,
            TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
    }

    private async Task DoAsync(string chat, Func<Task> work, TaskCompletionSource over)
    {
        try
        {
            await work();
        }
        finally
        {
            _running.TryRemove(chat, out _);
            over.SetResult();
            _wake.Ring();
        }
    }
}
