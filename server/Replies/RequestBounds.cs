using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>What a request may be at most. The agent cuts before it sends; whatever is longer is refused.</summary>
public static class RequestBounds
{
    public const int MaxBody = 1024 * 1024;
    private const int MaxMessages = 20;
    private const int MaxLetters = 4_000;
    private const int MaxHistory = 6;
    private const int MaxLines = 100;
    private const int MaxWords = 2_000;
    private const int MaxShort = 300;

    /// <summary>The first fault, or null.</summary>
    public static string? Fault(ProcessMessageRequest request)
    {
        if (request.TurnId == Guid.Empty) return "turnId is empty.";
        if (request.Messages.Count is 0 or > MaxMessages) return $"A turn has 1 to {MaxMessages} messages.";
        if (request.History.Count > MaxHistory) return $"At most {MaxHistory} past turns are taken.";
        int[] lists = [request.Basket.Lines.Count, request.Basket.Open.Count, request.Basket.Discussed.Count,
            request.LastOrder.Count];
        if (lists.Max() > MaxLines)
            return $"Basket and last order have at most {MaxLines} lines.";
        if (request.Words.Count > MaxWords) return $"At most {MaxWords} words of a customer are taken.";
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

            yield return Check("A message", message.Text, MaxLetters);
            yield return Check("The text before an edit", message.Before ?? "", MaxLetters);
            yield return Check("A message's id", message.Id, MaxShort);
            yield return Check("A message's kind", message.Kind, MaxShort);
        }

        foreach (var past in request.History)
        {
            yield return Check("A past message", past?.Customer, MaxLetters);
            yield return Check("A past reply", past?.Reply, MaxLetters);
        }

        foreach (var line in request.Basket.Lines.Concat(request.LastOrder))
        {
            yield return Check("A line's SKU", line?.Sku, MaxShort);
            yield return Check("A line's unit", line?.Unit, MaxShort);
            yield return Check("A line's words", line?.Words, MaxLetters);
            yield return Check("The name that a line was asked for by", line?.AskedAs ?? "", MaxLetters);
        }

        foreach (var open in request.Basket.Open)
        {
            yield return Check("An open question", open?.Words, MaxLetters);
            yield return Check("The name that a question is about", open?.AskedAs ?? "", MaxLetters);
            yield return open?.Candidates.Count > MaxLines
                ? (null, "An open question has too many candidates.")
                : (null, null);
        }

        foreach (var (word, sku) in request.Words)
        {
            yield return Check("A customer's word", word, MaxShort);
            yield return Check("A customer's SKU", sku, MaxShort);
        }

        foreach (var sku in request.Basket.Discussed) yield return Check("A discussed SKU", sku, MaxShort);
        yield return Check("The language", request.Language, MaxShort);
    }

    private static (string? Text, string? Fault) Check(string what, string? text, int most) =>
        text is null ? (null, $"{what} is missing.")
            : text.Length > most ? (null, $"{what} is longer than {most} letters.") : (text, null);
}
