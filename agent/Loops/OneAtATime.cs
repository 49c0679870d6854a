namespace Sak.Agent.Loops;

/// <summary>Lets one piece of work through after another, in the order in which they came.</summary>
internal sealed class OneAtATime
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task before;
        lock (_gate) (before, _last) = (_last, over.Task);
        try
        {
            await before;
            return await work();
        }
        finally
        {
            over.SetResult();
        }
    }
}
