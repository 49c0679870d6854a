using Sak.Sync.Reading;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>
/// What is left of a model's reply beside what the reader finds in the same words. The server and the PC both ask: the
/// server for whoever calls it without an agent, the PC because it trusts nobody with its orders.
/// </summary>
public static class ProposedReply
{
    public static Reply Settle(Reply proposed, TurnReading read) =>
        LeftOut.Complete(OwnSign.Hold(proposed, read), read);
}
