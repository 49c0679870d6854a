using Sak.Sync.Model;
using Sak.Sync.Reading.Message;
using Sak.Sync.Wire;

namespace Sak.Tools.Understand;

/// <summary>
/// The one purpose that the message sets name, of a reply that may hold several intents: lines come before anything
/// else, as the reader has it. A reply does not say that it repeats the last order; there it is an order.
/// </summary>
internal static class ReplyPurpose
{
    private static readonly (IntentKind Kind, Purpose Purpose)[] Acts =
    [
        (IntentKind.Cancel, Purpose.Cancel), (IntentKind.Confirm, Purpose.Confirm), (IntentKind.Media, Purpose.Media),
        (IntentKind.Stop, Purpose.Stop), (IntentKind.Handover, Purpose.Handover),
        (IntentKind.Complaint, Purpose.Complaint), (IntentKind.Payment, Purpose.Payment),
        (IntentKind.Status, Purpose.Status), (IntentKind.Price, Purpose.PriceQuery),
        (IntentKind.Stock, Purpose.StockQuery), (IntentKind.Negotiate, Purpose.Negotiate),
        (IntentKind.Greeting, Purpose.Greeting), (IntentKind.Thanks, Purpose.Thanks),
    ];

    public static Purpose Of(Reply reply, ProcessMessageRequest request)
    {
        var kinds = reply.Intents.Select(i => i.Kind).ToHashSet();
        if (kinds.Contains(IntentKind.Cancel)) return Purpose.Cancel;
        if (reply.Intents.Any(IsLine))
            return kinds.Contains(IntentKind.Negotiate) ? Purpose.Negotiate
                : request.Basket.Lines.Count > 0 && !kinds.Contains(IntentKind.Clear) ? Purpose.Modify : Purpose.Order;
        foreach (var (kind, purpose) in Acts)
            if (kinds.Contains(kind)) return purpose;
        return Purpose.Other;
    }

    private static bool IsLine(Intent intent) =>
        intent.Kind is IntentKind.Add or IntentKind.Set or IntentKind.Remove || intent.Open is not null;
}
