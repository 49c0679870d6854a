namespace Sak.Agent.Loops;

/// <summary>Something that is wrong, in the owner's words.</summary>
/// <param name="What">One sentence.</param>
/// <param name="Next">What the owner can do about it.</param>
public sealed record Trouble(DateTimeOffset At, string What, string Next);
