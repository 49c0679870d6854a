using Sak.Sync.Model;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>Holds a request against the bounds of <see cref="Protocol"/>; whatever is longer is refused.</summary>
public static class RequestBounds
{
    /// <summary>The first fault, or null.</summary>
    public static string? Fault(ProcessMessageRequest request)
    {
        if (request.TurnId == Guid.Empty) return "turnId is empty.";
        if (request.Messages.Count is 0 or > Protocol.MaxMessages)
            return $"A turn has 1 to {Protocol.MaxMessages} messages.";
        if (request.History.Count > Protocol.MaxPastTurns)
            return $"At most {Protocol.MaxPastTurns} past turns are taken.";
        int[] lists = [request.Basket.Lines.Count, request.Basket.Open.Count, request.Basket.Discussed.Count,
            request.LastOrder.Count];
        if (lists.Max() > Protocol.MaxBasketLines)
            return $"Basket and last order have at most {Protocol.MaxBasketLines} lines.";
        if (request.Words.Count > Protocol.MaxCustomerWords)
            return $"At most {Protocol.MaxCustomerWords} words of a customer are taken.";
        if (request.PatienceSeconds is <= 0) return "patienceSeconds must be above 0.";
        return Texts(request).FirstOrDefault(fault => fault is not null);
    }

    private static IEnumerable<string?> Texts(ProcessMessageRequest request) =>
    [
        .. request.Messages.SelectMany(OfMessage), .. request.History.SelectMany(OfPast),
        .. request.Basket.Lines.Concat(request.LastOrder).SelectMany(OfLine), .. request.Basket.Open.SelectMany(OfOpen),
        .. request.Words.SelectMany(w => (string?[])[
            Check("A customer's word", w.Key, Protocol.MaxShortText),
            Check("A customer's SKU", w.Value, Protocol.MaxShortText)]),
        .. request.Basket.Discussed.Select(sku => Check("A discussed SKU", sku, Protocol.MaxShortText)),
        Check("The language", request.Language, Protocol.MaxShortText),
    ];

    private static IEnumerable<string?> OfMessage(TurnMessage? message) => message is null
        ? ["A message is null."]
        :
        [
            Check("A message", message.Text, Protocol.MaxMessageText),
            Check("The text before an edit", message.Before ?? "", Protocol.MaxMessageText),
            Check("The quoted text", message.Quoted ?? "", Protocol.MaxMessageText),
            Check("A message's id", message.Id, Protocol.MaxShortText),
            Check("A message's kind", message.Kind, Protocol.MaxShortText),
        ];

    private static IEnumerable<string?> OfPast(PastTurn? past) =>
    [
        Check("A past message", past?.Customer, Protocol.MaxMessageText),
        Check("A past reply", past?.Reply, Protocol.MaxMessageText),
    ];

    private static IEnumerable<string?> OfLine(BasketLine? line) =>
    [
        Check("A line's SKU", line?.Sku, Protocol.MaxShortText),
        Check("A line's unit", line?.Unit, Protocol.MaxShortText),
        Check("A line's words", line?.Words, Protocol.MaxMessageText),
        Check("The name that a line was asked for by", line?.AskedAs ?? "", Protocol.MaxMessageText),
    ];

    private static IEnumerable<string?> OfOpen(OpenLine? open) =>
    [
        Check("An open question", open?.Words, Protocol.MaxMessageText),
        Check("The name that a question is about", open?.AskedAs ?? "", Protocol.MaxMessageText),
        open?.Candidates.Count > Protocol.MaxBasketLines ? "An open question has too many candidates." : null,
    ];

    // The fault, or null.
    private static string? Check(string what, string? text, int most) =>
        text is null ? $"{what} is missing."
            : text.Length > most ? $"{what} is longer than {most} characters." : null;
}
