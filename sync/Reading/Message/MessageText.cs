using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>A recognised phrase: "how much", "take out", "instead of".</summary>
/// <param name="Gap">Where the words begin that a * of the phrase stands for: they are what the phrase speaks
/// of.</param>
internal sealed record FoundPhrase(PhraseKind Kind, int Start, int Length, string Value = "",
    Nuance Nuance = Nuance.None, int Gap = 0, int GapLength = 0)
{
    public int End => Start + Length;

    public bool Overlaps(FoundPhrase other) => Start < other.End && other.Start < End;
}

/// <summary>One message as the language tables understand it, before the catalog is asked.</summary>
internal sealed class MessageText
{
    /// <summary>Kinds that say what a single word is; every other kind is something that the customer does.</summary>
    private static readonly HashSet<PhraseKind> WordKinds =
    [
        Number, Multiplier, PlusFraction, Unit, ShopUnit,
        Measure, Money, And, Each, Both, All,
        Pronoun, SizeNoun, PhraseKind.Of, Adjective, Filler,
        CommonWord, Or, IfOrBut, EqualsSign, Preposition,
        Postposition, NumberSign, NotQuantityPrefix, NotQuantitySuffix,
    ];

    /// <summary>
    /// Single words of these kinds are known by their senses alone; nobody looks for them as phrases.
    /// </summary>
    private static readonly HashSet<PhraseKind> SensesOnly =
        [.. WordKinds.Except([NotQuantityPrefix, NotQuantitySuffix, Or,
            IfOrBut])];

    /// <summary>Kinds that say something beside a verb, and take none away.</summary>
    private static readonly HashSet<PhraseKind> BesideVerbs =
        [Contrast, Not, PartOf, UsedFor, QuestionStart,
            MoneySent, Narration, AsMany];

    /// <summary>"Don't write" orders nothing, whatever is written.</summary>
    private static readonly HashSet<string> Refusals = ["dont", "doesnt", "didnt", "wont", "cant", "not", "never",
        "nunca", "jamas"];

    public required List<Token> Tokens { get; init; }

    public required List<FoundPhrase> Phrases { get; init; }

    public required string Written { get; init; }

    public required string MessageId { get; init; }

    /// <summary>For each token, the clause that it stands in.</summary>
    public int[] Clauses => _clauses ??= ClausesOf();

    private int[]? _clauses;

    // Commas and ends of sentences part clauses; "and" does where one side orders and the other asks ("2 box bhejna aur
    // rate batana").
    private int[] ClausesOf()
    {
        var clauses = new int[Tokens.Count];
        var (clause, start) = (0, 0);
        for (var i = 0; i < Tokens.Count; i++)
        {
            clauses[i] = clause;
            var parts = Tokens[i].EndsClause || (Tokens[i].IsWord && Tokens[i].Is(And) && Turns(start, i));
            if (!parts) continue;
            clause++;
            start = i + 1;
        }

        return clauses;
    }

    private bool Turns(int start, int at)
    {
        var end = at + 1;
        while (end < Tokens.Count && !Tokens[end].EndsClause) end++;
        return (Within(Order, start, at) && Asks(at + 1, end) && !Asks(start, at))
            || (Asks(start, at) && Within(Order, at + 1, end) && !Asks(at + 1, end));
    }

    private bool Asks(int start, int end) =>
        Within(PriceQuestion, start, end) || Within(PriceHint, start, end) || Within(StockQuestion, start, end);

    private bool Within(PhraseKind kind, int start, int end) =>
        Phrases.Any(c => c.Kind == kind && c.Start >= start && c.End <= end);

    public IEnumerable<FoundPhrase> Of(PhraseKind kind) => Phrases.Where(c => c.Kind == kind);

    public bool Has(params ReadOnlySpan<PhraseKind> kinds)
    {
        foreach (var phrase in Phrases)
            if (kinds.Contains(phrase.Kind)) return true;
        return false;
    }

    /// <summary>The customer's words of these tokens, as written.</summary>
    public string Words(IReadOnlyList<Token> tokens) =>
        tokens.Count == 0 ? "" : Written[tokens.Min(t => t.Start)..tokens.Max(t => t.End)].Trim();

    public static MessageText Read(string text, string messageId, IReadOnlySet<string> languages, Vocabulary vocabulary,
        List<Token> lexed)
    {
        if (text.Length > Normal.MaxLength) text = text[..Normal.MaxLength];
        var tokens = Codes(lexed, vocabulary);
        foreach (var token in tokens) GiveSenses(token, languages);
        // "the 1100s": the plural of a number.
        tokens.RemoveAll(
            t => t is { IsWord: true, Text: "s" } && tokens.IndexOf(t) is > 0 and var at
                && tokens[at - 1] is { IsNumber: true, Glued: true });
        WordUses.JoinByOneLetter(tokens);
        WordUses.NameByCommonWords(tokens, vocabulary);
        foreach (var token in tokens.Where(t => t.IsWord && t.Unit is null))
            if (vocabulary.Units.FirstOrDefault(u => u == token.Text || u == Sound.Stem(token.Text)) is { } unit)
                token.Senses.Add(new Sense(Unit,
                unit, Lexicon.Neutral));
        // "plato" is a unit where the shop sells by the plate, and a plate where it sells plates.
        foreach (var token in tokens.Where(t => t.IsWord && t.Is(ShopUnit)))
        {
            var own = token.Senses.FirstOrDefault(s => s.Kind == ShopUnit && vocabulary.Units.Contains(s.Value));
            token.Senses.RemoveAll(s => s.Kind == ShopUnit);
            if (own is not null) token.Senses.Insert(0, own with { Kind = Unit });
        }

        WordUses.NameVerbs(tokens, languages, vocabulary);
        tokens = SplitConjunctions(tokens, languages, vocabulary);
        tokens = Numbers.InMessage(JoinNumberPhrases(tokens, languages), vocabulary.SellsByMetre);
        var phrases = FindPhrases(tokens, languages, vocabulary);
        WordUses.More(tokens, phrases);
        return new MessageText { Tokens = tokens, Phrases = phrases, Written = text, MessageId = messageId };
    }

    // "BD-001", "h 4" and "dot4" are one word where the catalog has it so; "oil5" is two where it has not.
    private static List<Token> Codes(List<Token> lexed, Vocabulary vocabulary)
    {
        var tokens = new List<Token>(lexed.Count);
        for (var i = 0; i < lexed.Count; i++)
        {
            var (length, code) = CodeAt(lexed, i, vocabulary);
            if (length > 1)
            {
                tokens.Add(new Token(TokenKind.Word, code, lexed[i].Start, lexed[i + length - 1].End));
                i += length - 1;
            }
            else if (lexed[i].IsWord && code.Length == 0 && Split(lexed[i]) is { } parts) tokens.AddRange(parts);
            else tokens.Add(Fresh(lexed[i]));
        }

        return tokens;

        static Token Fresh(Token t) =>
            new(t.Kind, t.Text, t.Start, t.End) { Value = t.Value, Times = t.Times, Glued = t.Glued, Noise = t.Noise };
    }

    private static (int Length, string Code) CodeAt(List<Token> lexed, int at, Vocabulary vocabulary)
    {
        var text = "";
        var best = (1, lexed[at].IsWord && (vocabulary.Has(lexed[at].Text) || Lexicon.Shared.Knows(lexed[at].Text))
            ? lexed[at].Text
            : "");
        for (var i = at; i < lexed.Count && i < at + 5; i++)
        {
            if (i > at && lexed[i].Kind == TokenKind.Mark
                && !(lexed[i].IsMark("-/._") && lexed[i].Glued && lexed[i - 1].Glued)) break;
            if (lexed[i].Kind != TokenKind.Mark) text += lexed[i].Text;
            var mixed = text.Any(char.IsAsciiDigit) && (text.Any(char.IsLetter) || text.Length >= 4);
            if (i > at && mixed && lexed[at].Kind != TokenKind.Mark && vocabulary.Has(text)) best = (i - at + 1, text);
            else if (i == at + 1 && lexed[at] is { IsNumber: true, Glued: true, Text.Length: 1 } && text.Length >= 4
                && !Lexicon.Shared.Knows(lexed[i].Text)
                && !vocabulary.Knows(lexed[i].Text) && vocabulary.IsArabizi(text)) best = (2, text);
            else if (i > at && lexed[i - 1].Glued && lexed[i - 1].IsNumber
                && Lexicon.Shared.LanguagesOf(text).Contains("ar-Latn")) best = (i - at + 1, text);
            else if (i == at && mixed && lexed[at].IsNumber && text.Length >= 5 && vocabulary.Has(text))
                best = (2, text);
        }

        return best is (2, { } code) && code == lexed[at].Text && lexed[at].IsNumber ? (1, code) : best;
    }

    private static List<Token>? Split(Token token)
    {
        var digit = token.Text.AsSpan().IndexOfAnyInRange('0', '9');
        if (digit < 3 || token.Text.Length != token.End - token.Start
            || token.Text[digit..].Any(c => !char.IsAsciiDigit(c))) return null;
        var number = token.Text[digit..];
        return
        [
            new Token(TokenKind.Word, token.Text[..digit], token.Start, token.Start + digit) { Glued = true },
            new Token(TokenKind.Number, number, token.Start + digit, token.End) { Value = Lexer.Number(number),
                Glued = token.Glued },
        ];
    }

    private static void GiveSenses(Token token, IReadOnlySet<string> languages)
    {
        if (token.Kind != TokenKind.Number || token.Spelled)
            Lexicon.Shared.AddSenses(token.Text,
                s => WordKinds.Contains(s.Kind) && (s.Language == Lexicon.Neutral || languages.Contains(s.Language)),
                token.Senses);
        // A unit is a unit in any language ("pct", "caja") where the message's own has no other use for the word.
        if (token.IsWord && token.Senses.Count == 0 && Lexicon.Shared.SenseOf(token.Text, Unit) is { } unit)
            token.Senses.Add(unit);
    }

    // Arabic writes "and" onto the next word: "وفلتر" is "و فلتر", "ورق" is paper.
    private static List<Token> SplitConjunctions(List<Token> tokens, IReadOnlySet<string> languages,
        Vocabulary vocabulary)
    {
        var split = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.IsWord || token.Text[0] != 'و' || token.Text.Length < 2 || token.IsKnown
                || vocabulary.Knows(token.Text) || Starts(tokens, i))
            {
                split.Add(token);
                continue;
            }

            var and = new Token(TokenKind.Word, "و", token.Start, token.Start + 1);
            var rest = new Token(TokenKind.Word, token.Text[1..], token.Start + 1, token.End) { Glued = token.Glued };
            GiveSenses(and, languages);
            GiveSenses(rest, languages);
            split.Add(and);
            split.Add(rest);
        }

        return split;

        static bool Starts(List<Token> tokens, int at) => Lexicon.Shared.At(tokens, at).Any();
    }

    // "a couple of", "one and a half": one number of several words.
    private static List<Token> JoinNumberPhrases(List<Token> tokens, IReadOnlySet<string> languages)
    {
        var joined = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var phrase = Lexicon.Shared.At(tokens, i).Where(p => p.Length > 1 && p.Sense.Kind is Number or PlusFraction
                && languages.Contains(p.Sense.Language)).OrderByDescending(p => p.Length).FirstOrDefault();
            if (phrase.Sense is null || phrase.Length < 2
                || (phrase.Sense.Kind == PlusFraction && !AfterQuantity(tokens, i, phrase.Length)))
            {
                joined.Add(tokens[i]);
                continue;
            }

            var token = new Token(TokenKind.Word, tokens[i].Text, tokens[i].Start, tokens[i + phrase.Length - 1].End);
            token.Senses.Add(phrase.Sense);
            joined.Add(token);
            i += phrase.Length - 1;
        }

        return joined;
    }

    // "2 quilos e meio", not "4 bandejas de ovos e meia dúzia".
    private static bool AfterQuantity(List<Token> tokens, int at, int length) =>
        at > 0 && (tokens[at - 1].IsNumber || tokens[at - 1].Is(Number) || tokens[at - 1].Is(Measure)
            || tokens[at - 1].Unit is not null || Numbers.DualMeasure(tokens[at - 1]) is not null)
            && !(at + length < tokens.Count && tokens[at + length].Unit is not null);

    private static List<FoundPhrase> FindPhrases(List<Token> tokens, IReadOnlySet<string> languages,
        Vocabulary vocabulary)
    {
        var phrases = new List<FoundPhrase>();
        for (var i = 0; i < tokens.Count; i++)
            foreach (var (sense, length, gap, gapLength) in Lexicon.Shared.At(tokens, i))
                if (sense.Kind != PriceWord && !(length == 1 && SensesOnly.Contains(sense.Kind))
                    && (sense.Language == Lexicon.Neutral || languages.Contains(sense.Language))
                    && !(sense.Kind == Order && i > 0 && Refusals.Contains(tokens[i - 1].Text))
                    && !(length == 1 && tokens[i].IsNumber && !WordKinds.Contains(sense.Kind))
                    && !(length == 1 && IsNth(tokens, i, vocabulary))
                    && (length > 1
                        || (sense.Kind is NotQuantityPrefix or NotQuantitySuffix ? !vocabulary.CanName(tokens[i].Text)
                        : WordKinds.Contains(sense.Kind) || !IsOfName(tokens, i, vocabulary))))
                    phrases.Add(new FoundPhrase(sense.Kind, i, length, sense.Value, sense.Nuance, gap, gapLength));
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i].Phrases.Contains(Order)) phrases.Add(new FoundPhrase(Order, i, 1));
        // Of one sort the longest phrase counts; a verb inside a longer phrase ("send me the price") is no verb of its
        // own.
        phrases = [.. phrases.Where(c => !phrases.Any(o => o.Kind == c.Kind && o.Length > c.Length && o.Overlaps(c)))];
        phrases = [.. phrases.Where(c => WordKinds.Contains(c.Kind) || c.Kind == Negotiate
            || !phrases.Any(
                o => !WordKinds.Contains(o.Kind) && !BesideVerbs.Contains(o.Kind) && o.Kind != c.Kind
                    && o.Length > c.Length
                    && o.Start <= c.Start && o.End >= c.End
            && !AreHintAndSure(o.Kind, c.Kind)))];
        foreach (var phrase in phrases)
            for (var i = phrase.Start; i < phrase.End; i++)
                if (tokens[i].Kind != TokenKind.Number
                    && !(phrase.Kind is Set or Add or Remove or Cancel && i >= phrase.Gap
                        && i < phrase.Gap + phrase.GapLength)
                    && !phrases.Any(
                        s => s.Kind == Swap && s.Start == phrase.Start && i >= s.Gap && i < s.Gap + s.GapLength))
                    Mark(tokens, phrase, i);
        return phrases;
    }

    // "price" and "what is the price of" both count.
    private static bool AreHintAndSure(PhraseKind a, PhraseKind b) => (a, b)
        is (PriceHint, PriceQuestion) or (PriceQuestion, PriceHint)
        or (PaymentHint, Payment) or (Payment, PaymentHint)
        or (HandoverHint, Handover) or (Handover, HandoverHint);

    // The "no" of "shop no 9" and of "colour no 3" refuses nothing.
    private static bool IsNth(List<Token> tokens, int at, Vocabulary vocabulary) =>
        tokens[at].IsWord && tokens[at].Is(NumberSign) && at > 0 && at + 1 < tokens.Count && tokens[at + 1].IsNumber
        && tokens[at - 1].IsWord
        && (vocabulary.Neighbours(tokens[at - 1].Text, tokens[at + 1].Text) || tokens[at - 1].Is(CommonWord)
            || tokens[at - 1].Is(NotQuantityPrefix));

    // "broken rice", "double roti", "extra virgin": beside its neighbour of a name the word is a name too.
    private static bool IsOfName(List<Token> tokens, int at, Vocabulary vocabulary) => tokens[at].IsWord
        && ((vocabulary.Has(tokens[at].Text) && !Lexicon.Shared.Knows(tokens[at].Text) && at + 1 < tokens.Count
            && tokens[at + 1].IsWord && tokens[at + 1].Is(PhraseKind.Of))
            || (at > 0 && tokens[at - 1].IsWord && vocabulary.Neighbours(tokens[at - 1].Text, tokens[at].Text))
            || (at + 1 < tokens.Count && tokens[at + 1].IsWord
                && vocabulary.Neighbours(tokens[at].Text, tokens[at + 1].Text)));

    private static void Mark(List<Token> tokens, FoundPhrase phrase, int at)
    {
        if (!WordKinds.Contains(phrase.Kind)) tokens[at].Phrases.Add(phrase.Kind);
        else if (phrase.Length > 1 && !tokens[at].Is(phrase.Kind))
            tokens[at].Senses.Add(new Sense(phrase.Kind, phrase.Value, "", phrase.Nuance));
    }
}
