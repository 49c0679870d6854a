using Sak.Agent.Orders;

namespace Sak.Tests.Agent.Orders;

/// <summary>When SAK takes the other side of a chat for a program.</summary>
public sealed class MachineGuardTests
{
    [Fact]
    public void The_same_answer_or_two_in_turn_again_and_again_is_a_conversation_with_a_machine()
    {
        Assert.True(MachineGuard.IsMachine(Answers(_ => "Welcome!"), "Welcome!"));
        Assert.True(MachineGuard.IsMachine(Answers(i => i % 2 == 0 ? "Welcome!" : "What would you like?"), "Welcome!"));
    }

    [Fact]
    public void A_third_answer_or_fewer_answers_are_a_person()
    {
        Assert.False(MachineGuard.IsMachine(Answers(i => $"Your basket has {i % 2} lines."), "Welcome!"));
        Assert.False(MachineGuard.IsMachine(Answers(_ => "Welcome!")[1..], "Welcome!"));
    }

    private static List<string> Answers(Func<int, string> answer) =>
        [.. Enumerable.Range(0, MachineGuard.SameAnswers).Select(answer)];
}
