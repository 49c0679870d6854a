using Sak.Sync.Model;
using Sak.Sync.Reading;
using Sak.Sync.Wire;

namespace Sak.Sync.Answering;

/// <summary>
/// What can't be undone needs the customer's own sign: a model's "confirm", "cancel", "stop" or "handover" holds only
/// where the reader finds it in the turn's own words. The other way round, what the customer asked for plainly is not
/// lost because a model overlooked it. Pure; called wherever a model's reply is taken in.
/// </summary>
public static class OwnSign
{
    /// <summary>
    /// The reply with what the customer signed, and no more. Where that differs from what the model proposed, its words
    /// go: "Done!" would be a lie.
    /// </summary>
    public static Reply Hold(Reply proposed, TurnReading read)
    {
        if (proposed.By != Reply.ByModel) return proposed;
        var held = proposed.Intents.Where(i => !NeedsSign(i.Kind) || read.Signs.Contains(i.Kind)).ToList();
        var overlooked = Overlooked(held, read);
        if (held.Count == proposed.Intents.Count && overlooked.Count == 0) return proposed;
        held.AddRange(overlooked);
        // Nothing is left of what it proposed: the reader's own reading is as good as any.
        return proposed.WithoutWords() with { Intents = held.All(i => IsSmall(i.Kind)) ? Read(read) : held };
    }

    public static bool NeedsSign(IntentKind kind) =>
        kind is IntentKind.Confirm or IntentKind.Cancel or IntentKind.Stop or IntentKind.Handover;

    /// <summary>A reply of these alone says nothing about the order.</summary>
    public static bool IsSmall(IntentKind kind) => kind is IntentKind.None or IntentKind.Greeting or IntentKind.Thanks;

    // "Stop" and a wish for a person hold beside anything. A yes or a "cancel" only where the model proposed nothing
    // about the order: else it understood the words in another way, and what is not sure is asked again.
    private static List<Intent> Overlooked(List<Intent> held, TurnReading read)
    {
        var small = held.All(i => IsSmall(i.Kind));
        return [.. read.Signs.Where(s => s is IntentKind.Stop or IntentKind.Handover || small)
            .Where(s => held.All(i => i.Kind != s)).Select(s => new Intent(s))];
    }

    private static IReadOnlyList<Intent> Read(TurnReading read) => read.ToReply().Intents;
}
