namespace Sak.Agent.Orders;

/// <summary>
/// Notices another program that answers SAK: two programs would answer each other for ever. A person does not get the
/// same answer, or two answers in turn, this often in so short a time; an order's answer has its number and a basket's
/// its lines. Pure.
/// </summary>
internal static class MachineGuard
{
    /// <summary>Answers in the time below, the next one not counted, after which the chat is the owner's.</summary>
    public const int SameAnswers = 11;

    public static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    /// <param name="before">The newest answers within the time, at most <see cref="SameAnswers"/>.</param>
    public static bool IsMachine(IReadOnlyList<string> before, string next) =>
        before.Count == SameAnswers && before.Append(next).Distinct().Count() <= 2;
}
