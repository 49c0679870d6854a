using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>
/// Asks the server, with a deadline behind a circuit breaker: a customer waits once for a dead cloud, the next ones are
/// answered from this PC at once until the breaker lets one question try again.
/// </summary>
public sealed class CloudReplier : IReplier
{
    private readonly CloudClient _cloud;
    private readonly ResiliencePipeline<Reply> _pipeline;

    public CloudReplier(CloudClient cloud, TimeSpan deadline, TimeProvider clock)
    {
        _cloud = cloud;
        _pipeline = new ResiliencePipelineBuilder<Reply> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Reply>
            {
                ShouldHandle = new PredicateBuilder<Reply>().Handle<CloudUnavailableException>()
                    .Handle<CloudRefusedException>().Handle<TimeoutRejectedException>(),
                FailureRatio = 0.5,
                MinimumThroughput = 2,
                SamplingDuration = TimeSpan.FromSeconds(60),
                BreakDuration = TimeSpan.FromSeconds(10),
            })
            .AddTimeout(deadline)
            .Build();
    }

    public async Task<Reply> ReplyAsync(ProcessMessageRequest request, CancellationToken cancel)
    {
        try
        {
            return await _pipeline.ExecuteAsync(async token => await _cloud.ProcessMessageAsync(request, token),
                cancel);
        }
        catch (TimeoutRejectedException error)
        {
            throw new CloudUnavailableException("The cloud did not answer in time.", error);
        }
        catch (BrokenCircuitException error)
        {
            throw new CloudUnavailableException("The cloud failed a moment ago; not asked again yet.", error);
        }
    }
}
