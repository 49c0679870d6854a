using Sak.Sync.Reading;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>
/// Compares a model's reply with what the reader finds in the same words. The server and the PC both do it: the server
/// for programs that call it without an agent, the PC because no server decides on its orders.
/// </summary>
public static class ProposedReply
{
    public static Reply Settle(Reply proposed, TurnReading read) =>
        LeftOut.Complete(OwnSign.Hold(proposed, read), read);
}
