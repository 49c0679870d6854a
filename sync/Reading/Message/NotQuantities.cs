using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;
using Sak.Sync.Reading.Written;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>Numbers that are no quantities: phones, money, times, addresses; and the wrong one of "7 not 4".</summary>
internal static partial class NotQuantities
{
    public static void Mark(MessageText text)
    {
        MarkPhones(text);
        var tokens = text.Tokens;
        MarkRepeats(tokens);
        // "shed no 3", "counter number 12": where it goes.
        for (var i = 2; i < tokens.Count; i++)
            if (tokens[i] is { IsNumber: true, Measure: null } && tokens[i - 1].IsWord && tokens[i - 1].Is(NumberSign)
                && tokens[i - 2].IsWord && tokens[i - 2].Is(CommonWord)) tokens[i].Noise = true;
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i].IsNumber
                && (IsMoney(tokens, i) || IsPriced(text, i) || tokens[i].Value is 0 or > 100_000_000))
                tokens[i].Noise = true;
        // "una de cada una": the second one counts nothing.
        for (var i = 1; i < tokens.Count; i++)
            if (tokens[i] is { IsNumber: true, Spelled: true, Value: 1, Measure: null } && tokens[i - 1].IsWord
                && tokens[i - 1].Is(Each)) tokens[i].Noise = true;
        var changes = text.Phrases.Where(c => c.Kind is Swap or Set).ToList();
        foreach (var phrase in text.Phrases)
        {
            if (phrase.Kind == NotQuantityPrefix
                && !changes.Any(c => (c.Length > 1 && c.Overlaps(phrase))
                    || (c.End == phrase.Start && phrase.Nuance == Nuance.Weak))
                && !(phrase.Nuance == Nuance.Weak && text.Has(Set)
                && tokens.Count(t => t is { IsNumber: true, Noise: false }) == 1)) Before(tokens, phrase);
            else if (phrase.Kind == NotQuantitySuffix && Number(tokens, phrase.Start - 1) is { Measure: null } before
                && !Quantity(tokens, phrase)) before.Noise = true;
            else if (phrase.Kind == NegationPrefix && Number(tokens, SkipFillers(tokens, phrase.End)) is { } after)
                after.Negated = HasOther(tokens, after);
            else if (phrase.Kind == NegationSuffix && Number(tokens, Back(tokens, phrase.Start - 1)) is { } wrong)
                wrong.Negated = HasOther(tokens, wrong);
        }
    }

    // "10-10": ten of each.
    private static void MarkRepeats(List<Token> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (IsRepeat(tokens, i))
            {
                tokens[i + 1].Senses.Add(new Sense(Each, "", ""));
                tokens[i].Noise = true;
            }

            if (i + 2 >= tokens.Count) break;
            // "2 o 3 kilos" says no number either.
            if (tokens[i] is { IsNumber: true, Measure: null } && tokens[i + 1].IsWord && tokens[i + 1].Is(Or)
                && tokens[i + 2].IsNumber
                && tokens[i].Value < tokens[i + 2].Value) tokens[i].Noise = tokens[i + 2].Noise = true;
            if (!tokens[i].IsNumber || !tokens[i + 1].IsMark("-") || !tokens[i + 2].IsNumber) continue;
            // "2-3 boxes" says no number: it is asked.
            if (tokens[i].Value < tokens[i + 2].Value && tokens[i + 2].Value <= tokens[i].Value + 5 && tokens[i].Glued
                && tokens[i + 1].Glued
                && tokens[i].Measure is null) tokens[i].Noise = tokens[i + 2].Noise = true;
            if (tokens[i].Value != tokens[i + 2].Value) continue;
            tokens[i + 2].Senses.Add(new Sense(Each, "", ""));
            tokens[i].Noise = true;
        }
    }

    // "ek ek roll": one of each.
    private static bool IsRepeat(List<Token> tokens, int at) =>
        tokens[at] is { IsNumber: true, Measure: null, Value: <= 50, Noise: false }
        && tokens[at + 1] is { IsNumber: true, Measure: null } && tokens[at].Value == tokens[at + 1].Value
        && tokens[at].Spelled == tokens[at + 1].Spelled;

    // "k1 = 2.00": a figure in cents behind an equals sign prices something.
    private static bool IsPriced(MessageText text, int at) =>
        at > 0 && text.Tokens[at - 1].IsMark("=") && text.Tokens[at] is { Measure: null } figure
        && figure.End - figure.Start > 3 && text.Written[figure.End - 3] is '.' or ',';

    private static bool HasOther(List<Token> tokens, Token number) =>
        tokens.Any(t => t is { IsNumber: true, Noise: false, Negated: false } && t != number);

    private static Token? Number(List<Token> tokens, int at) =>
        at >= 0 && at < tokens.Count && tokens[at].IsNumber ? tokens[at] : null;

    private static int SkipFillers(List<Token> tokens, int at)
    {
        while (at < tokens.Count && tokens[at].IsWord && tokens[at].Is(Filler)) at++;
        return at;
    }

    private static int Back(List<Token> tokens, int at)
    {
        while (at >= 0 && tokens[at].IsWord && (tokens[at].Unit is not null || tokens[at].Is(Of))) at--;
        return at;
    }

    private static bool IsMoney(List<Token> tokens, int at)
    {
        if (tokens[at].Measure is not null) return false;
        var before = at > 0 ? tokens[at - 1] : null;
        var after = at + 1 < tokens.Count ? tokens[at + 1] : null;
        return (before?.Is(Money) ?? false)
            || ((after?.Is(Money) ?? false) && after!.Unit is null
                && (after.NuanceOf(Money) != Nuance.Soft || tokens[at].Value >= 20));
    }

    // "at 20", "gate 7", "antes das 8": unless a unit or a name follows, which makes it a quantity after all.
    private static void Before(List<Token> tokens, FoundPhrase phrase)
    {
        var at = phrase.End;
        while (phrase.Nuance != Nuance.Place && at < tokens.Count
            && (tokens[at].IsMark(":#-.")
                || (phrase.Nuance == Nuance.Strong && tokens[at].IsWord && tokens[at].Is(Of)))) at++;
        if (Number(tokens, at) is not { } number) return;
        var next = at + 1 < tokens.Count ? tokens[at + 1] : null;
        if (next?.Unit is not null || number.Measure is not null) return;
        if (phrase.Nuance is not (Nuance.Strong or Nuance.Place) && next is not null && next.Kind != TokenKind.Mark
            && !next.IsNumber
            && !next.IsKnown && next.Text.Any(char.IsLetter)) return;
        number.Noise = true;
        if (phrase.Nuance == Nuance.Strong) Continue(tokens, at + 1);
    }

    // "calle 45 numero 20-15", "gate 3/4": the address goes on.
    private static void Continue(List<Token> tokens, int at)
    {
        for (; at < tokens.Count; at++)
        {
            if (tokens[at].IsNumber && tokens[at].Measure is null
                && (tokens[at - 1].IsMark("-/#") || (tokens[at - 1].IsWord && tokens[at - 1].Is(Of))))
                tokens[at].Noise = true;
            else if (tokens[at].IsMark(",") && at + 1 < tokens.Count
                && tokens[at + 1] is { IsNumber: true, Measure: null }
                && (at + 2 == tokens.Count || tokens[at + 2].Kind == TokenKind.Mark)) tokens[++at].Noise = true;
            else if (!tokens[at].IsMark("-/#") && !(tokens[at].IsWord && tokens[at].Is(Of))) return;
        }
    }

    // "5 times" is no quantity, but "18 number" after a unit may be; a word that is also a unit counts as the unit.
    private static bool Quantity(List<Token> tokens, FoundPhrase phrase) =>
        phrase.Length == 1 && (tokens[phrase.Start].Unit is not null || IsThing(tokens, phrase.Start));

    // "٣ ساعات ذكية": at the head of its clause and with an adjective, the hours are watches.
    private static bool IsThing(List<Token> tokens, int at)
    {
        if (!Sound.IsArabic(tokens[at].Text[0]) || at > 1 && !tokens[at - 2].EndsClause
            || tokens.ElementAtOrDefault(at + 1) is not { IsWord: true, IsKnown: false }) return false;
        if (tokens.ElementAtOrDefault(at + 2) is { } next && next.Kind != TokenKind.Mark && !next.Is(And))
            return false;
        tokens[at].Senses.Clear();
        return true;
    }

    private static void MarkPhones(MessageText text)
    {
        foreach (Match match in Phone()
            .Matches(
                Normal.Map(text.Written).Text.Length == text.Written.Length
                    ? Normal.Text(text.Written)
                    : MaskedText.WithPlainDigits(text.Written).Text))
        {
            var digits = match.Value.Count(char.IsAsciiDigit);
            if (digits is < 7 or > 16) continue;
            foreach (var token in text.Tokens)
                if (token.IsNumber && token.Start >= match.Index && token.Start < match.Index + match.Length)
                    token.Noise = true;
        }
    }

    [GeneratedRegex(@"\+\d[\d ().-]{6,}\d|(?<!\d)\d{7,}(?!\d)"
        + @"|(?<![\d.,])\d{3,5}[ -]\d{3,5}(?:[ -]\d{2,5}){0,2}(?![\d.,])")]
    private static partial Regex Phone();
}
