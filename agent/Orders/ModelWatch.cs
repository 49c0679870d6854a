using Sak.Agent.Loops;
using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Agent.Orders;

/// <summary>
/// Reads from the cloud's replies how the shop's model does, and shows the owner what the operator of the server should
/// hear: a day's budget that is nearly spent, and a model that keeps failing. Customers are answered all the same.
/// </summary>
internal sealed class ModelWatch(Alarms alarms)
{
    private const string Budget = "model budget";
    private const string Failing = "model";

    /// <summary>From here on the owner is warned; at 100 the model is not asked any more.</summary>
    private const int NearlySpent = 80;

    /// <summary>One failure is no news: the next turn may be answered again.</summary>
    private const int FailuresInRow = 3;

    private int _failures;

    public void Note(ModelState? model)
    {
        if (model is null) return;
        NoteBudget(model.SpentPercent);
        var failure = EnumText.Read<ModelFailure>(model.Failure);
        if (model.Failure is null || failure == ModelFailure.OverBudget) Interlocked.Exchange(ref _failures, 0);
        else if (Interlocked.Increment(ref _failures) >= FailuresInRow)
            alarms.Raise(Failing, $"The cloud's language model {Does(failure)}: the rules of SAK answer in its place.",
                "Tell the operator of the server, whose log says why; orders go on.");
        if (model.Failure is null) alarms.Clear(Failing);
    }

    private void NoteBudget(int spent)
    {
        if (spent >= 100)
            alarms.Raise(Budget,
                "The language model's tokens of today are spent: the rules of SAK answer until midnight UTC.",
                "Orders go on. If it happens often, ask the operator of the server to raise Model:TokensPerDay.");
        else if (spent >= NearlySpent)
            alarms.Raise(Budget,
                $"More than {NearlySpent} % of the language model's tokens of today are spent; then the rules of SAK "
                    + "answer.",
                "If the model should answer all day, ask the operator of the server to raise Model:TokensPerDay.");
        else alarms.Clear(Budget);
    }

    private static string Does(ModelFailure? failure) => failure switch
    {
        ModelFailure.TooSlow => "is too slow",
        ModelFailure.Unreachable => "can't be reached",
        ModelFailure.Refused => "is refused by its provider (key, name or limit)",
        ModelFailure.BadAnswer => "answers nonsense",
        _ => "fails",
    };
}
