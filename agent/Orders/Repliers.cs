using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Sak.Agent.Loops;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>
/// Asks what a customer wants: the cloud, with a deadline behind a circuit breaker, or the reader on this PC when the
/// cloud can't answer. One customer waits for a dead cloud; the next ones are answered from this PC at once, until the
/// breaker lets one question try again.
/// </summary>
public sealed class Repliers
{
    private readonly CloudClient? _cloud;
    private readonly ModelWatch _model;
    private readonly TimeSpan _deadline;
    private readonly ILogger<Repliers> _log;
    private readonly ResiliencePipeline<Reply> _pipeline;

    /// <param name="cloud">Null: the shop works without a cloud.</param>
    public Repliers(CloudClient? cloud, TimeSpan deadline, OfflineReplier offline, Alarms alarms,
        TimeProvider clock, ILogger<Repliers> log)
    {
        (_cloud, Offline, _model, _deadline, _log) = (cloud, offline, new ModelWatch(alarms), deadline, log);
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

    /// <summary>The reader on this PC.</summary>
    public OfflineReplier Offline { get; }

    /// <param name="catalogIsAhead">This PC has products or prices that the cloud does not have yet.</param>
    public async Task<Reply> AskAsync(ProcessMessageRequest question, bool catalogIsAhead, CancellationToken cancel)
    {
        var mayAsk = _cloud is not null && WhoAnswers.MayAskCloud(catalogIsAhead, question.Messages.Count);
        return (mayAsk ? await AskCloudAsync(_cloud!, question, cancel) : null)
            ?? await Offline.ReplyAsync(question, cancel);
    }

    /// <returns>Null when the cloud has no answer.</returns>
    private async Task<Reply?> AskCloudAsync(CloudClient cloud, ProcessMessageRequest question,
        CancellationToken cancel)
    {
        try
        {
            var reply = await _pipeline.ExecuteAsync(
                async token => await cloud.ProcessMessageAsync(
                    question with { PatienceSeconds = _deadline.TotalSeconds }, token), cancel);
            _model.Note(reply.Model);
            // The text is composed on this PC, where the order number is; of a model's there is the form with slots.
            return reply with { Text = "" };
        }
        catch (Exception error) when (error is CloudUnavailableException or CloudRefusedException
            or TimeoutRejectedException or BrokenCircuitException)
        {
            _log.LogInformation("Answering turn {Turn} from this PC: {Reason}", question.TurnId, Why(error));
            return null;
        }
    }

    private static string Why(Exception error) => error switch
    {
        TimeoutRejectedException => "The cloud did not answer in time.",
        BrokenCircuitException => "The cloud failed a moment ago; it is not asked again yet.",
        _ => error.Message,
    };
}
