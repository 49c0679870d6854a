using Sak.Agent.Commands;
using Sak.Sync.Replica;

namespace Sak.Tests.Agent.Commands;

/// <summary>sync --watch goes on until the owner ends it.</summary>
public sealed class SyncWatchTests
{
    [Fact]
    public async Task A_cloud_that_is_away_is_told_once_and_asked_again()
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var (asked, errors) = (0, new StringWriter());
        Task SyncAsync()
        {
            if (++asked == 3) ended.Cancel();
            ended.Token.ThrowIfCancellationRequested();
            throw new CloudUnavailableException("The cloud can't be reached.");
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => SyncCommand.WatchAsync(SyncAsync, errors, TimeSpan.FromMilliseconds(1), TimeProvider.System,
                ended.Token));

        Assert.Equal(3, asked);
        Assert.Single(errors.ToString().Split("The cloud can't be reached.").Skip(1));
    }

    [Fact]
    public async Task A_cloud_that_refuses_ends_it() =>
        await Assert.ThrowsAsync<CloudRefusedException>(() => SyncCommand.WatchAsync(
            () => throw new CloudRefusedException("401", "No."), TextWriter.Null, TimeSpan.Zero, TimeProvider.System,
            TestContext.Current.CancellationToken));
}
