using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Words;

/// <summary>
/// Number words, multipliers, halves, duals and measures: what several tokens say becomes one number.
/// </summary>
internal static class Numbers
{
    /// <summary>
    /// In a catalog name: "1 L", "half kilo", "नص كيلو" are sizes in any language; other words stay words.
    /// </summary>
    public static List<Token> InName(List<Token> tokens)
    {
        var folded = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            var next = i + 1 < tokens.Count ? tokens[i + 1] : null;
            var measure = next is null
                ? null
                : Lexicon.Shared.SenseOf(next.Text, Measure)?.Value
                    ?? (token.IsNumber ? Measures.Letter(next.Text) : null);
            if (token.IsWord && measure is not null && Lexicon.Shared.SenseOf(token.Text, Number) is { } number)
                token = Spelled(token, number.Value);
            if (token.IsNumber && measure is not null)
            {
                folded.Add(
                    new Token(TokenKind.Number, token.Text, token.Start, next!.End) { Value = token.Value,
                        Measure = measure });
                i++;
            }
            else if (token.IsWord && folded.Count > 0 && Lexicon.Shared.SenseOf(token.Text, Measure) is { } alone
                && token.Text.Length > 2
                && Lexicon.Shared.SenseOf(token.Text, Unit) is null)
                folded.Add(
                    new Token(TokenKind.Number, "1", token.Start, token.End) { Value = 1, Measure = alone.Value });
            else folded.Add(token);
        }

        return folded;
    }

    /// <summary>
    /// In a message: number words of its languages, "do lakh", "vinte e cinco", "2.5 k", "كرتونين", then measures.
    /// </summary>
    /// <param name="metres">The shop sells by the metre: "12 m" is a length even with a space.</param>
    /// <param name="commaIsDecimal">The message's language writes "1,5".</param>
    public static List<Token> InMessage(List<Token> tokens, bool metres = false, bool commaIsDecimal = false)
    {
        var numbers = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = AsNumber(tokens, i, numbers);
            if (TakeDual(numbers, token) || TakeHalf(numbers, token) || TakeFraction(numbers, token)) continue;
            if (numbers.Count == 0 || numbers[^1] is not { IsNumber: true, Noise: false }
                || !Combine(numbers, tokens, ref i)) numbers.Add(token);
        }

        return MeasureWords.Join(numbers, metres, commaIsDecimal);
    }

    private static Token AsNumber(List<Token> tokens, int at, List<Token> before)
    {
        var token = tokens[at];
        if (token.IsWord && token.Is(Number) && CountsAsNumber(tokens, at))
            token = Spelled(token, token.ValueOf(Number)!);
        return token.IsWord && token.ValueOf(Multiplier) is { Length: > 2 } times && token.Text.Length > 2
            && (before.Count == 0 || !before[^1].IsNumber) && CountsAlone(tokens, at) ? Spelled(token, times) : token;
    }

    // "كيلوين" is two kilos, "كرتونين" two cartons.
    private static bool TakeDual(List<Token> numbers, Token token)
    {
        if (!token.IsWord) return false;
        var measure = MeasureWords.DualMeasure(token);
        var unit = measure is null ? MeasureWords.Dual(token) : null;
        if (measure is null && unit is null) return false;
        numbers.Add(new Token(TokenKind.Number, "2", token.Start, token.End) { Value = 2, Spelled = true,
            Measure = measure });
        if (unit is null) return true;
        var word = new Token(TokenKind.Word, token.Text, token.Start, token.End);
        word.Senses.Add(unit);
        numbers.Add(word);
        return true;
    }

    // "kilo y medio", "كيلو ونص" is one and a half; "2 kilo y medio" two and a half.
    private static bool TakeHalf(List<Token> numbers, Token token)
    {
        if (!token.IsWord || token.ValueOf(PlusFraction) is not { } fraction || numbers.Count == 0
            || !(numbers[^1].Is(Measure) || numbers[^1].Unit is not null)) return false;
        if (numbers.Count > 1 && numbers[^2].IsNumber)
            numbers[^2] = Grown(numbers[^2], numbers[^2].Value + Lexer.Number(fraction), numbers[^2]);
        else
            numbers.Insert(numbers.Count - 1, new Token(TokenKind.Number, token.Text, numbers[^1].Start,
                numbers[^1].Start) { Value = 1 + Lexer.Number(fraction), Spelled = true });
        return true;
    }

    // "1 1/2 kg"
    private static bool TakeFraction(List<Token> numbers, Token token)
    {
        if (numbers.Count == 0 || token is not { IsNumber: true, Value: < 1 }
            || !token.Text.Contains('/', StringComparison.Ordinal)) return false;
        // "1-1/2 kg"
        if (numbers.Count > 1 && numbers[^1] is { Glued: true } dash && dash.IsMark("-")
            && numbers[^2] is { IsNumber: true, Glued: true, Measure: null, Spelled: false })
            numbers.RemoveAt(numbers.Count - 1);
        if (numbers[^1] is not { IsNumber: true, Measure: null, Spelled: false } above
            || above.Value != decimal.Truncate(above.Value)) return false;
        numbers[^1] = Grown(above, above.Value + token.Value, token);
        return true;
    }

    // "do" is two before a unit or a name, and part of a verb elsewhere ("kar do"); "one" is a number in "one box", not
    // in "the big one".
    private static bool CountsAsNumber(List<Token> tokens, int at)
    {
        if (IsUnitHere(tokens, at)) return false;
        if (tokens.Count == 1 || !tokens[at].Senses.Any(s => s.Kind is Filler or Of or SizeNoun or Pronoun or And))
            return true;
        // "litter - two", "thermometer do bhej do": it is where a quantity is written.
        if (at > 1 && tokens[at - 1].IsMark("-:=") && tokens[at - 2].IsWord && !tokens[at - 2].IsKnown) return true;
        var next = at + 1 < tokens.Count ? tokens[at + 1] : null;
        if (next is null || next.Kind == TokenKind.Mark || next.Is(And) || StartsVerb(tokens, at + 1))
            return EndsItem(tokens, at);
        return IsBeforeCounted(tokens, at, next) || IsOneThing(tokens, at, next) || IsBeforeAdded(tokens, at, next);
    }

    // "6 tin" are six tins, not six three.
    private static bool IsUnitHere(List<Token> tokens, int at) =>
        tokens[at].Unit is not null
            && ((at > 0 && (tokens[at - 1].IsNumber || tokens[at - 1].Is(Number)))
                || tokens.Where((t, j) => j > 0 && j != at && t.Text == tokens[at].Text && tokens[j - 1].IsNumber)
                    .Any());

    // A unit, a measure or another number follows.
    private static bool IsBeforeCounted(List<Token> tokens, int at, Token next)
    {
        if (next.Is(Each) || next.Unit is not null || next.Is(Measure) || next.Is(Multiplier)) return true;
        // "one or two kg"
        if (next.Is(Or) && at + 2 < tokens.Count && (tokens[at + 2].IsNumber || tokens[at + 2].Is(Number)))
            return true;
        // "a 65 Ah battery": one of that size.
        return next.IsNumber && at + 3 < tokens.Count && tokens[at + 2].IsWord
            && (tokens[at + 2].Is(Measure) || (next.Glued && Measures.Letter(tokens[at + 2].Text) is not null));
    }

    // "a 4 way", "one 20k", "one of the big ones": one, if a thing follows. "do do dabbe": two of each.
    private static bool IsOneThing(List<Token> tokens, int at, Token next)
    {
        var after = tokens.ElementAtOrDefault(at + 2);
        if (tokens[at].ValueOf(Number) == "1" && next.IsNumber && after is { IsWord: true, Unit: null }
            && !after.Is(NotQuantitySuffix) && !after.Is(Money)) return true;
        if (tokens[at].Text == "one" && next.Is(Of) && after is { IsWord: true }
            && (at == 0 || !tokens[at - 1].Is(Filler) || tokens[at - 1].Is(And))) return true;
        return next.Text == tokens[at].Text && after is { IsWord: true };
    }

    // "one more belt": the number of what is added; "two big": of what is described.
    private static bool IsBeforeAdded(List<Token> tokens, int at, Token next)
    {
        var afterVerb = IsAfterVerb(tokens, at);
        if (!afterVerb && Lexicon.Shared.At(tokens, at + 1).Any(p => p.Sense.Kind == Add)) return true;
        return next.IsWord && next.Senses.All(s => s.Kind == Adjective)
            && (!afterVerb || tokens[at].Text is "a" or "an");
    }

    // Only the Hindi "do" and "ek" and the English "one" are also something else after a verb.
    private static bool IsAfterVerb(List<Token> tokens, int at) =>
        at > 0
            && tokens[at].Senses.Any(s => s.Kind == Number
                && ((s.Language[..2] == "hi" && s.Value == "2") || tokens[at].Text is "a" or "an"))
            && tokens[at - 1].IsWord && tokens[at - 1].Text != tokens[at].Text && !tokens[at - 1].Is(And)
            && Lexicon.Shared.At(tokens, at - 1).Any(p => p.Sense.Kind is Order or Add or Remove or Set or Filler);

    private static bool StartsVerb(List<Token> tokens, int at) => tokens[at].IsWord && tokens[at].Unit is null
        && Lexicon.Shared.At(tokens, at).Any(p => p.Sense is { Kind: Order, Language: "hi" or "hi-Latn" });

    // "doodh char, dahi do": two of it where the other lines have their numbers last; "mujhe doodh do" gives.
    private static bool EndsItem(List<Token> tokens, int at)
    {
        if (at == 0 || tokens[at - 1] is not { IsWord: true, IsKnown: false }
            || Lexicon.Shared.At(tokens, at - 1).Any()) return false;
        var start = at - 1;
        while (start > 0 && !tokens[start - 1].EndsClause && !tokens[start - 1].Is(And)) start--;
        // "gend 12 nag football do": the names of this list stand before their numbers.
        if (tokens.FindIndex(start, at - start, IsFigure) is var figure and > 0 && figure > start && figure < at - 1
            && tokens[start] is { IsWord: true, IsKnown: false }) return true;
        return !tokens.Skip(start).Take(at - start).Any(IsFigure)
            && tokens.Where((_, i) => i < start || i > at).Any(IsFigure);

        static bool IsFigure(Token t) => t.IsNumber || (t.IsWord && t.Is(Number) && !t.Is(Filler));
    }

    // "mil garfos", "hazaar kaanta": a thousand of them, with no number before it.
    private static bool CountsAlone(List<Token> tokens, int at) =>
        at + 1 < tokens.Count && tokens[at + 1] is { IsWord: true } next
            && (next.Unit is not null || next.Senses.Count == 0 || next.Is(Of) || next.Is(Adjective));

    private static bool Combine(List<Token> numbers, List<Token> tokens, ref int i)
    {
        var last = numbers[^1];
        if ((PlusWhole(last, tokens, i) ?? Multiplied(last, tokens, i) ?? TensAndOnes(last, tokens, i)
            ?? Compound(last, tokens, i) ?? WithFraction(last, tokens, i)) is not { } sum) return false;
        numbers[^1] = Grown(last, sum.Value, tokens[sum.At]);
        i = sum.At;
        return true;
    }

    // "sadhe teen" is three and a half, "sava do" two and a quarter, "paune do" a quarter less than two.
    private static (decimal Value, int At)? PlusWhole(Token last, List<Token> tokens, int i)
    {
        if (!last.Spelled || Lexicon.Shared.SenseOf(last.Text, PlusBefore) is not { } plus) return null;
        var whole = tokens[i].IsNumber ? tokens[i].Value
            : tokens[i].IsWord && tokens[i].ValueOf(Number) is { } word ? Lexer.Number(word) : 0;
        return whole >= 1 && whole == decimal.Truncate(whole)
            ? (whole + decimal.Parse(plus.Value, System.Globalization.CultureInfo.InvariantCulture), i)
            : null;
    }

    private static (decimal Value, int At)? Multiplied(Token last, List<Token> tokens, int i) =>
        tokens[i].IsWord && tokens[i].ValueOf(Multiplier) is { } times && last.Measure is null
            ? (last.Value * Lexer.Number(times), i)
            : null;

    // "vinte e cinco", "treinta y dos", "twenty five"
    private static (decimal Value, int At)? TensAndOnes(Token last, List<Token> tokens, int i)
    {
        if (last is not { Spelled: true, Value: >= 20 and <= 90 } || last.Value % 10 != 0) return null;
        var at = tokens[i].Is(And) && i + 1 < tokens.Count ? i + 1 : i;
        return tokens[at].IsWord && tokens[at].ValueOf(Number) is { } unit
            && Lexer.Number(unit) is >= 1 and <= 9 and var ones
            && ones == decimal.Truncate(ones) && (at > i || !tokens[at].Is(Filler))
            ? (last.Value + ones, at)
            : null;
    }

    private static (decimal Value, int At)? WithFraction(Token last, List<Token> tokens, int i) =>
        tokens[i].IsWord && tokens[i].ValueOf(PlusFraction) is { } fraction
            ? (last.Value + Lexer.Number(fraction), i)
            : null;

    // "خمسة وعشرين" is five and twenty; "ek sau pachas", "two hundred and fifty" are hundreds and more.
    private static (decimal Value, int At)? Compound(Token last, List<Token> tokens, int i)
    {
        if (!last.Spelled || last.Measure is not null || last.Value != decimal.Truncate(last.Value)) return null;
        var at = (tokens[i].Is(And) || tokens[i].IsMark("-")) && i + 1 < tokens.Count ? i + 1 : i;
        if (!tokens[at].IsWord || tokens[at].ValueOf(Number) is not { } word
            || Lexer.Number(word) is not (>= 1 and <= 99 and var more)
            || more != decimal.Truncate(more)) return null;
        if (Sound.IsArabic(tokens[at].Text[0]) && at > i && last.Value is >= 1 and <= 9 && more >= 20
            && more % 10 == 0) return (last.Value + more, at);
        if (last.Value is >= 20 and <= 90 && last.Value % 10 == 0 && more <= 9 && tokens[i].IsMark("-"))
            return (last.Value + more, at);
        return last.Value >= 100 && last.Value % 100 == 0 && CountsAsNumber(tokens, at)
            && !IsOtherCount(last, tokens, at)
            ? (last.Value + more, at)
            : null;
    }

    // "harina de quinientos tres bolsas": bags of 500 g, and three of them.
    private static bool IsOtherCount(Token hundreds, List<Token> tokens, int at)
    {
        var first = tokens.FindIndex(t => t.Start == hundreds.Start);
        return first > 1 && tokens[first - 1].IsWord && tokens[first - 1].Is(Of) && tokens[first - 2].IsWord
            && tokens.ElementAtOrDefault(at + 1)?.Unit is not null;
    }

    private static Token Spelled(Token token, string value) =>
        new(TokenKind.Number, token.Text, token.Start, token.End) { Value = Lexer.Number(value), Spelled = true,
            Glued = token.Glued,
            Negated = token.Negated, Article = token.Text is "a" or "an" };

    private static Token Grown(Token number, decimal value, Token by) =>
        new(TokenKind.Number, number.Text, number.Start, by.End) { Value = value, Measure = number.Measure,
            Spelled = number.Spelled, Times = number.Times, Glued = by.Glued,
            Negated = number.Negated };
}
