using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Message;

/// <summary>A recognised phrase: "how much", "take out", "instead of".</summary>
/// <param name="Gap">Where the words begin that a * of the phrase stands for: they are what the phrase speaks
/// of.</param>
internal sealed record Cue(string Sort, string Value, int Start, int Length, int Gap = 0, int GapLength = 0)
{
    public int End => Start + Length;

    public bool Overlaps(Cue other) => Start < other.End && other.Start < End;
}

/// <summary>One message as the language tables understand it, before the catalog is asked.</summary>
internal sealed class Speech
{
    /// <summary>Sorts that say what a single word is; every other sort is something that the customer does.</summary>
    private static readonly HashSet<string> WordSorts =
        ["number", "multiplier", "plushalf", "unit", "measure", "money", "conj", "each", "both", "all", "that", "mark",
            "of", "same", "filler", "common",
            "either", "reserve", "noisebefore", "noiseafter", "link", "shopunit", "prep", "post", "nth"];

    /// <summary>
    /// Single words of these sorts are known by their senses alone; nobody looks for them as phrases.
    /// </summary>
    private static readonly HashSet<string> Senseful =
        [.. WordSorts.Except(["noisebefore", "noiseafter", "either", "reserve"])];

    /// <summary>Sorts that say something beside a verb, and take none away.</summary>
    private static readonly HashSet<string> Quiet = ["contrast", "not", "partof", "purpose", "asks", "sent", "telling",
        "asmany"];

    /// <summary>"Don't write" orders nothing, whatever is written.</summary>
    private static readonly HashSet<string> Refusals = ["dont", "doesnt", "didnt", "wont", "cant", "not", "never",
        "nunca", "jamas"];

    public required List<Token> Tokens { get; init; }

    public required List<Cue> Cues { get; init; }

    public required string Text { get; init; }

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
            var parts = Tokens[i].EndsClause || (Tokens[i].IsWord && Tokens[i].Is("conj") && Turns(start, i));
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
        return (Within("order", start, at) && Asks(at + 1, end) && !Asks(start, at))
            || (Asks(start, at) && Within("order", at + 1, end) && !Asks(at + 1, end));
    }

    private bool Asks(int start, int end) =>
        Within("strongprice", start, end) || Within("price", start, end) || Within("stock", start, end);

    private bool Within(string sort, int start, int end) =>
        Cues.Any(c => c.Sort == sort && c.Start >= start && c.End <= end);

    public IEnumerable<Cue> Of(string sort) => Cues.Where(c => c.Sort == sort);

    public bool Has(params ReadOnlySpan<string> sorts)
    {
        foreach (var cue in Cues)
            if (sorts.Contains(cue.Sort)) return true;
        return false;
    }

    /// <summary>The customer's words of these tokens, as written.</summary>
    public string Words(IReadOnlyList<Token> tokens) =>
        tokens.Count == 0 ? "" : Text[tokens.Min(t => t.Start)..tokens.Max(t => t.End)].Trim();

    public static Speech Read(string text, string messageId, IReadOnlySet<string> languages, Vocabulary vocabulary,
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
                token.Senses.Add(new Sense("unit",
                unit, Lexicon.Neutral));
        // "plato" is a unit where the shop sells by the plate, and a plate where it sells plates.
        foreach (var token in tokens.Where(t => t.IsWord && t.Is("shopunit")))
        {
            var own = token.Senses.FirstOrDefault(s => s.Sort == "shopunit" && vocabulary.Units.Contains(s.Value));
            token.Senses.RemoveAll(s => s.Sort == "shopunit");
            if (own is not null) token.Senses.Insert(0, own with { Sort = "unit" });
        }

        WordUses.NameVerbs(tokens, languages, vocabulary);
        tokens = SplitConjunctions(tokens, languages, vocabulary);
        tokens = Numbers.InMessage(Phrases(tokens, languages), vocabulary.SellsByMetre);
        var cues = FindCues(tokens, languages, vocabulary);
        WordUses.More(tokens, cues);
        return new Speech { Tokens = tokens, Cues = cues, Text = text, MessageId = messageId };
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
                s => WordSorts.Contains(s.Sort) && (s.Language == Lexicon.Neutral || languages.Contains(s.Language)),
                token.Senses);
        // A unit is a unit in any language ("pct", "caja") where the message's own has no other use for the word.
        if (token.IsWord && token.Senses.Count == 0 && Lexicon.Shared.SenseOf(token.Text, "unit") is { } unit)
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
    private static List<Token> Phrases(List<Token> tokens, IReadOnlySet<string> languages)
    {
        var joined = new List<Token>(tokens.Count);
        for (var i = 0; i < tokens.Count; i++)
        {
            var phrase = Lexicon.Shared.At(tokens, i).Where(p => p.Length > 1 && p.Sense.Sort is "number" or "plushalf"
                && languages.Contains(p.Sense.Language)).OrderByDescending(p => p.Length).FirstOrDefault();
            if (phrase.Sense is null || phrase.Length < 2
                || (phrase.Sense.Sort == "plushalf" && !AfterQuantity(tokens, i, phrase.Length)))
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
        at > 0 && (tokens[at - 1].IsNumber || tokens[at - 1].Is("number") || tokens[at - 1].Is("measure")
            || tokens[at - 1].Unit is not null || Numbers.DualMeasure(tokens[at - 1]) is not null)
            && !(at + length < tokens.Count && tokens[at + length].Unit is not null);

    private static List<Cue> FindCues(List<Token> tokens, IReadOnlySet<string> languages, Vocabulary vocabulary)
    {
        var cues = new List<Cue>();
        for (var i = 0; i < tokens.Count; i++)
            foreach (var (sense, length, gap, gapLength) in Lexicon.Shared.At(tokens, i))
                if (sense.Sort != "priceword" && !(length == 1 && Senseful.Contains(sense.Sort))
                    && (sense.Language == Lexicon.Neutral || languages.Contains(sense.Language))
                    && !(sense.Sort == "order" && i > 0 && Refusals.Contains(tokens[i - 1].Text))
                    && !(length == 1 && tokens[i].IsNumber && !WordSorts.Contains(sense.Sort))
                    && !(length == 1 && IsNth(tokens, i, vocabulary))
                    && (length > 1 || (sense.Sort is "noisebefore" or "noiseafter" ? !vocabulary.CanName(tokens[i].Text)
                        : WordSorts.Contains(sense.Sort) || !IsOfName(tokens, i, vocabulary))))
                    cues.Add(new Cue(sense.Sort, sense.Value, i, length, gap, gapLength));
        for (var i = 0; i < tokens.Count; i++)
            if (tokens[i].Cues.Contains("order")) cues.Add(new Cue("order", "-", i, 1));
        // Of one sort the longest phrase counts; a verb inside a longer phrase ("send me the price") is no verb of its
        // own.
        cues = [.. cues.Where(c => !cues.Any(o => o.Sort == c.Sort && o.Length > c.Length && o.Overlaps(c)))];
        cues = [.. cues.Where(c => WordSorts.Contains(c.Sort) || c.Sort == "negotiate"
            || !cues.Any(
                o => !WordSorts.Contains(o.Sort) && !Quiet.Contains(o.Sort) && o.Sort != c.Sort && o.Length > c.Length
                    && o.Start <= c.Start && o.End >= c.End
            && o.Sort != $"strong{c.Sort}" && c.Sort != $"strong{o.Sort}"))];
        foreach (var cue in cues)
            for (var i = cue.Start; i < cue.End; i++)
                if (tokens[i].Kind != TokenKind.Number
                    && !(cue.Sort is "set" or "add" or "remove" or "cancel" && i >= cue.Gap
                        && i < cue.Gap + cue.GapLength)
                    && !cues.Any(
                        s => s.Sort == "swap" && s.Start == cue.Start && i >= s.Gap && i < s.Gap + s.GapLength))
                    Mark(tokens, cue, i);
        return cues;
    }

    // The "no" of "shop no 9" and of "colour no 3" refuses nothing.
    private static bool IsNth(List<Token> tokens, int at, Vocabulary vocabulary) =>
        tokens[at].IsWord && tokens[at].Is("nth") && at > 0 && at + 1 < tokens.Count && tokens[at + 1].IsNumber
        && tokens[at - 1].IsWord
        && (vocabulary.Neighbours(tokens[at - 1].Text, tokens[at + 1].Text) || tokens[at - 1].Is("common")
            || tokens[at - 1].Is("noisebefore"));

    // "broken rice", "double roti", "extra virgin": beside its neighbour of a name the word is a name too.
    private static bool IsOfName(List<Token> tokens, int at, Vocabulary vocabulary) => tokens[at].IsWord
        && ((vocabulary.Has(tokens[at].Text) && !Lexicon.Shared.Knows(tokens[at].Text) && at + 1 < tokens.Count
            && tokens[at + 1].IsWord && tokens[at + 1].Is("of"))
            || (at > 0 && tokens[at - 1].IsWord && vocabulary.Neighbours(tokens[at - 1].Text, tokens[at].Text))
            || (at + 1 < tokens.Count && tokens[at + 1].IsWord
                && vocabulary.Neighbours(tokens[at].Text, tokens[at + 1].Text)));

    private static void Mark(List<Token> tokens, Cue cue, int at)
    {
        if (!WordSorts.Contains(cue.Sort)) tokens[at].Cues.Add(cue.Sort);
        else if (cue.Length > 1 && !tokens[at].Is(cue.Sort)) tokens[at].Senses.Add(new Sense(cue.Sort, cue.Value, ""));
    }
}
