using System.Globalization;
using System.Net;
using System.Text;
using Sak.Server.Replies.Plugins;
using Sak.Server.Settings;
using Sak.Sync.Wire;

namespace Sak.Server.Replies;

/// <summary>Why a model did not answer: the kind that is counted, and a sentence for the operator.</summary>
public sealed record TalkFailure(ModelFailure Kind, string Why)
{
    private const int MaxWhy = 300;

    /// <summary>Two SDKs, an HTTP stack and a model: whatever failed has a kind and a sentence.</summary>
    public static TalkFailure Of(Exception error, HttpStatusCode? refusal, ModelSettings model)
    {
        var kind = KindOf(error, refusal);
        var text = Chain(error).OfType<InvalidDataException>().FirstOrDefault() is { } answer ? answer.Message
            : $"{error.GetBaseException().GetType().Name}: {error.GetBaseException().Message}";
        var known = kind == ModelFailure.Refused ? $"HTTP {(int)refusal!}, {NextStep(refusal.Value)} {text}" : text;
        return new TalkFailure(kind, OneLine(known, model.Key));
    }

    private static ModelFailure KindOf(Exception error, HttpStatusCode? refusal) =>
        Chain(error).Any(e => e is ToolFailedException) ? ModelFailure.ToolFailed
            : refusal is not null ? ModelFailure.Refused
            : Chain(error).Any(e => e is HttpRequestException or IOException)
                ? ModelFailure.Unreachable
            : ModelFailure.BadAnswer;

    private static string NextStep(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "check Model:Key.",
        HttpStatusCode.NotFound => "check Model:Name and Model:Endpoint.",
        HttpStatusCode.TooManyRequests => "the provider's own limit is reached.",
        >= HttpStatusCode.InternalServerError => "the provider is in trouble.",
        _ => "check the settings of Model.",
    };

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException) yield return e;
    }

    // A provider's words in one line of a log: without control and direction letters, which would write lines of their
    // own or turn the text around, and without the key.
    private static string OneLine(string text, string key)
    {
        if (key.Length > 0) text = text.Replace(key, "***");
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxWhy) break;
            line.Append(IsShown(rune) ? rune.ToString() : " ");
        }

        return line.ToString().Trim();
    }

    private static bool IsShown(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.PrivateUse);
}
