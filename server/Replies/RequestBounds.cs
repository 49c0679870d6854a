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
        return Texts(request).Select(t => t.Fault).FirstOrDefault(f => f is not null);
    }

    private static IEnumerable<(string? Text, string? Fault)> Texts(ProcessMessageRequest request)
    {
        foreach (var message in request.Messages)
        {
            if (message is null)
            {
                yield return (null, "A message is null.");
                yield break;
            }

            yield return Check("A message", message.Text, Protocol.MaxMessageText);
            yield return Check("The text before an edit", message.Before ?? "", Protocol.MaxMessageText);
            yield return Check("A message's id", message.Id, Protocol.MaxShortText);
            yield return Check("A message's kind", message.Kind, Protocol.MaxShortText);
        }

        foreach (var past in request.History)
        {
            yield return Check("A past message", past?.Customer, Protocol.MaxMessageText);
            yield return Check("A past reply", past?.Reply, Protocol.MaxMessageText);
        }

        foreach (var line in request.Basket.Lines.Concat(request.LastOrder))
        {
            yield return Check("A line's SKU", line?.Sku, Protocol.MaxShortText);
            yield return Check("A line's unit", line?.Unit, Protocol.MaxShortText);
            yield return Check("A line's words", line?.Words, Protocol.MaxMessageText);
            yield return Check("The name that a line was asked for by", line?.AskedAs ?? "", Protocol.MaxMessageText);
        }

        foreach (var open in request.Basket.Open)
        {
            yield return Check("An open question", open?.Words, Protocol.MaxMessageText);
            yield return Check("The name that a question is about", open?.AskedAs ?? "", Protocol.MaxMessageText);
            yield return open?.Candidates.Count > Protocol.MaxBasketLines
                ? (null, "An open question has too many candidates.")
                : (null, null);
        }

        foreach (var (word, sku) in request.Words)
        {
            yield return Check("A customer's word", word, Protocol.MaxShortText);
            yield return Check("A customer's SKU", sku, Protocol.MaxShortText);
        }

        foreach (var sku in request.Basket.Discussed) yield return Check("A discussed SKU", sku, Protocol.MaxShortText);
        yield return Check("The language", request.Language, Protocol.MaxShortText);
    }

    private static (string? Text, string? Fault) Check(string what, string? text, int most) =>
        text is null ? (null, $"{what} is missing.")
            : text.Length > most ? (null, $"{what} is longer than {most} characters.") : (text, null);
}
