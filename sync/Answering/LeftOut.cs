using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Reading.Names;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>
/// Notices what a model left out without a word: each product that the reader finds named, and that the model neither
/// took, removed, asked about nor answered. Pure; called wherever a model's reply is taken in.
/// </summary>
public static class LeftOut
{
    /// <summary>
    /// The reply with what was left out. Where the model did nothing about the order, the reader's reading is used, as
    /// it would be without a model. Where it did something, it may have understood the words better: what it left out
    /// is asked, and not put in. Either way its words go: "Noted." was not true.
    /// </summary>
    public static Reply Complete(Reply proposed, TurnReading read)
    {
        if (proposed.By != Reply.ByModel || EndsAll(proposed)) return proposed;
        var missing = Missing(proposed.Intents, read);
        if (missing.Count == 0) return proposed;
        // "We have no sugar", of a shop that has it.
        var kept = proposed.Intents.Where(i => i.Open?.Asks != AskedFor.Unknown || !missing.Any(m => SpeaksOf(i, m)))
            .ToList();
        return proposed.WithoutWords() with
        {
            Intents = kept.All(i => OwnSign.IsSmall(i.Kind))
                ? read.ToReply().Intents
                : [.. kept, .. missing.Select(Asked)],
        };
    }

    // Beside these nothing is ordered.
    private static bool EndsAll(Reply reply) => reply.Intents.Any(i => i.Kind is IntentKind.Cancel or IntentKind.Stop);

    private static List<Intent> Missing(IReadOnlyList<Intent> proposed, TurnReading read)
    {
        var named = read.ToReply().Intents.Where(i => Products(i).Any()).ToList();
        var known = named.SelectMany(Products).ToHashSet();
        var done = proposed.SelectMany(Products).ToHashSet();
        var missing = named.Where(i => !Products(i).Any(done.Contains)).ToList();
        // The model read these words, and found another product in them than the reader.
        foreach (var other in proposed.Where(p => Products(p).Any() && !Products(p).Any(known.Contains)))
            if (missing.Find(m => SpeaksOf(other, m)) is { } same) missing.Remove(same);
        return missing;
    }

    private static IEnumerable<string> Products(Intent intent) =>
        (intent.Open?.Candidates ?? []).Append(intent.Open?.Sku).Append(intent.Sku).OfType<string>();

    private static bool SpeaksOf(Intent other, Intent missing) =>
        Names(missing.Words).Intersect(Names(other.Words)).Any();

    private static IEnumerable<string> Names(string words) =>
        SearchTerms.Words(words).Where(w => w.Any(char.IsLetter) && !SearchTerms.IsOfLanguage(w));

    // What is only told (a price, what is in stock) or taken out again is done; what would be bought is asked.
    private static Intent Asked(Intent intent) => intent.Kind is not (IntentKind.Add or IntentKind.Set)
        ? intent
        : new Intent(IntentKind.Ask, intent.Sku, Unit: intent.Unit, Words: intent.Words, MessageId: intent.MessageId,
            Open: new OpenLine(AskedFor.Quantity, intent.Words, intent.Sku, null, intent.Unit, [], intent.MessageId)
                { AskedAs = intent.AskedAs });
}
