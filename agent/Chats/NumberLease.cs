using Microsoft.Extensions.Logging;
using Sak.Agent.Database;
using Sak.Agent.Loops;
using Sak.Agent.WhatsApp;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Chats;

/// <summary>
/// Whether this PC or another one of the shop answers the customers. The server keeps who it is, as long as it can be
/// asked; without it the shop goes on, unless this PC knows that another one answers. A PC that was asleep asks again
/// before it says a word.
/// </summary>
/// <param name="ask">Null: there is no cloud, and this PC answers.</param>
/// <param name="catchUp">Called when this PC may answer after it might not: what the other one said must
/// be here first.</param>
public sealed class NumberLease(
    ReplicaDb db, Func<LeaseRequest, CancellationToken, Task<LeaseAnswer>>? ask, WhatsAppLink link, Alarms alarms,
    Action catchUp, bool takeOver, TimeProvider clock, ILogger<NumberLease> log)
{
    private const string Alarm = "another PC";
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskWithin = TimeSpan.FromSeconds(5);

    // Failures in a row, all while awake, after which the cloud counts as away: fewer may be a network that wakes up.
    private const int Away = 4;
    private static readonly TimeSpan Slept = TimeSpan.FromSeconds(45);
    private readonly WakeUp _wake = new(clock);
    private readonly OneAtATime _asking = new();
    private bool _takesOver = takeOver;
    private LeaseState? _known;
    private bool _isMine;
    private int _failures;
    private DateTimeOffset _asked = DateTimeOffset.MinValue;
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    /// <summary>Raised when this PC may answer, or may not any more.</summary>
    public event Action? Changed;

    /// <summary>True when this PC may answer as far as it knows without asking.</summary>
    public bool MayAnswer => ask is null || IsHeld || IsAlone;

    // By the wall clock, since timers stand still while a PC sleeps. A clock that was set back makes it doubtful.
    private bool IsHeld => _isMine && clock.GetUtcNow() is var now && now >= _asked && now < _until;

    private bool IsAlone => _failures >= Away && _known is { Holder: "" } && clock.GetUtcNow() - _asked < Slept;

    /// <summary>To be asked right before a message goes out; asks the server where the lease has run out.</summary>
    public async Task<bool> MaySendAsync(CancellationToken cancel) =>
        MayAnswer || await AskAsync(cancel);

    /// <summary>Asks now instead of at the next turn of the timer.</summary>
    /// <param name="over">The owner wants this PC to answer.</param>
    public void AskSoon(bool over)
    {
        _takesOver |= over;
        _wake.Ring();
    }

    /// <summary>
    /// Renews the lease while WhatsApp is connected: a PC that can't answer must not keep another one from it.
    /// </summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        link.Changed += _wake.Ring;
        try
        {
            while (true)
            {
                if (link.Ready is not null && (_takesOver || Due <= TimeSpan.Zero)) await AskAsync(cancel);
                await _wake.WaitAsync(link.Ready is null || Due <= TimeSpan.Zero ? RenewEvery : Due, cancel);
            }
        }
        finally
        {
            link.Changed -= _wake.Ring;
        }
    }

    private TimeSpan Due =>
        clock.GetUtcNow() < _asked
            ? TimeSpan.Zero
            : _asked + (_failures > 0 ? TryAgainAfter : RenewEvery) - clock.GetUtcNow();

    private Task<bool> AskAsync(CancellationToken cancel) => _asking.RunAsync(async () =>
    {
        _known ??= await LeaseState.ReadAsync(db, cancel);
        await LearnNumberAsync(cancel);
        var (before, began, over) = (MayAnswer, clock.GetUtcNow(), _takesOver);
        if (began - _asked > Slept || began < _asked) _failures = 0;
        try
        {
            var answer = await AskInTimeAsync(new LeaseRequest(_known.Number, _known.Device, over), cancel);
            (_failures, _asked, _isMine, _until) = (0, began, answer.Mine,
                began + TimeSpan.FromSeconds(answer.Seconds));
            if (over) _takesOver = false;
            await KnowAsync(_known with { Holder = answer.Mine ? "" : answer.Device }, cancel);
        }
        catch (Exception error) when (error is CloudUnavailableException or CloudRefusedException)
        {
            (_failures, _asked) = (_failures + 1, began);
            log.LogInformation("Who answers could not be asked: {Reason}", error.Message);
        }

        Show(before);
        return MayAnswer;
    });

    private async Task<LeaseAnswer> AskInTimeAsync(LeaseRequest request, CancellationToken cancel)
    {
        using var time = new CancellationTokenSource(AskWithin, clock);
        using var most = CancellationTokenSource.CreateLinkedTokenSource(cancel, time.Token);
        try
        {
            return await ask!(request, most.Token);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw new CloudUnavailableException("The cloud did not answer in time.", late);
        }
    }

    private async Task LearnNumberAsync(CancellationToken cancel)
    {
        try
        {
            if (link.Ready is { } page && await page.NumberAsync(cancel) is { Length: > 0 } number)
                await KnowAsync(_known! with { Number = number }, cancel);
        }
        catch (WhatsAppException error)
        {
            log.LogInformation("The number is not known: {Reason}", error.Message);
        }
    }

    private async Task KnowAsync(LeaseState now, CancellationToken cancel)
    {
        if (now == _known) return;
        await now.SaveAsync(db, cancel);
        _known = now;
    }

    private void Show(bool before)
    {
        if (_known is { Holder.Length: > 0 } other)
            alarms.Raise(Alarm,
                $"Another PC of this shop ({other.HolderName}) answers the customers of this number; this one reads "
                    + "along and sends nothing.",
                "Close SAK there and this PC goes on within a minute; or take over at once: sak-agent take-over"
                    + (_failures > 0 ? " (the cloud can't be asked just now)" : ""));
        else alarms.Clear(Alarm);
        if (MayAnswer == before) return;
        if (MayAnswer) catchUp();
        log.LogInformation("This PC {Answers}", MayAnswer ? "answers" : $"is quiet: {_known!.Holder}");
        Changed?.Invoke();
    }
}
