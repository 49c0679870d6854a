using Sak.Agent.Chats;
using Sak.Agent.Database;
using Sak.Agent.Orders;
using Sak.Agent.Settings;

namespace Sak.Tests.Support;

/// <summary>The capture of messages by itself, without a shop round it.</summary>
internal static class Capturing
{
    /// <summary>The owner keeps a chat for half an hour, and has no word to give it back.</summary>
    private static readonly TurnSettings Settings = new(QuietSeconds: 6, LateMinutes: 30, TooOldHours: 24,
        OwnerMinutes: 30, OwnerWord: "");

    public static CaptureMessages Into(ReplicaDb db, TimeProvider clock) =>
        new(db, Settings, MoveOrders.By(clock), clock);

    /// <summary>The next turn of a chat, as the loop of the turns takes it.</summary>
    public static Task<Turn?> NextTurnAsync(ReplicaDb db, string chatId, TimeProvider clock,
        CancellationToken cancel) =>
        db.WriteAsync(connection => Turns.Next(connection, chatId, null, clock), cancel);
}
