using System.Collections.Concurrent;
using Sak.Agent.Store;

namespace Sak.Agent.Workers;

/// <summary>
/// The frame of the work on chats: looks for what is due whenever something was written, changed or time has passed, does
/// it side by side, one thing at a time within a chat, and at the end waits for what is still under way.
/// </summary>
/// <param name="sideBySide">Chats worked on at once.</param>
internal sealed class ChatLoop(ReplicaDb db, WhatsAppLink link, NumberLease lease, int sideBySide, TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Task> running = new();
    private readonly WakeUp wake = new(clock);

    public int Running => running.Count;

    public bool IsFull => running.Count >= sideBySide;

    public bool IsBusy(string chat) => running.ContainsKey(chat);

    /// <param name="startDue">Starts what is due; gives how long nothing more will be.</param>
    public async Task RunAsync(Func<CancellationToken, Task<TimeSpan>> startDue, CancellationToken cancel)
    {
        db.Written += wake.Ring;
        link.Changed += wake.Ring;
        lease.Changed += wake.Ring;
        try
        {
            while (true) await wake.WaitAsync(await startDue(cancel), cancel);
        }
        finally
        {
            db.Written -= wake.Ring;
            link.Changed -= wake.Ring;
            lease.Changed -= wake.Ring;
            await Task.WhenAll(running.Values);
        }
    }

    /// <param name="work">Takes care of its own failures.</param>
    public void Start(string chat, Func<Task> work)
    {
        var over = new TaskCompletionSource();
        running[chat] = over.Task;
        _ = Task.Factory.StartNew(() => DoAsync(chat, work, over), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
    }

    private async Task DoAsync(string chat, Func<Task> work, TaskCompletionSource over)
    {
        try
        {
            await work();
        }
        finally
        {
            running.TryRemove(chat, out _);
            over.SetResult();
            wake.Ring();
        }
    }
}
