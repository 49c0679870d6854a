using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Reading.Written;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>
/// Reads a turn without network and without a model: the same words, catalog and basket always give the same reading.
/// What cannot be told for sure becomes a question; a message that is no order gives no line.
/// </summary>
public static class OrderReader
{
    private const int MaxWords = 300;
    private const int MaxCandidates = 600;

    /// <summary>
    /// The reading as intents. Never throws for what a customer wrote; <paramref name="search"/> may.
    /// </summary>
    public static async Task<Reply> ReadAsync(ProcessMessageRequest request, ICatalogSearch search,
        CancellationToken cancel) =>
        (await ExplainAsync(request, search, cancel)).ToReply();

    /// <summary>The reading with its reasons, for a person.</summary>
    public static Task<TurnReading> ExplainAsync(ProcessMessageRequest request, ICatalogSearch search,
        CancellationToken cancel) => ReadAsync(request, search, null, cancel);

    /// <summary>
    /// Every step of the reading, one a line: the tokens, the stretches, the purpose with the rule that decided it,
    /// what
    /// each pass changed, which rule placed each line, and the lines.
    /// </summary>
    public static async Task<IReadOnlyList<string>> StepsAsync(ProcessMessageRequest request, ICatalogSearch search,
        CancellationToken cancel)
    {
        var steps = new List<string>();
        var reading = await ReadAsync(request, search, steps, cancel);
        steps.AddRange(reading.Lines.Concat(reading.Asked).Select(
            l => $"read: {l.Op} {l.Product?.Sku ?? "?"} {l.Quantity:0.###} {l.Unit}".TrimEnd()
                + (l.Asks is { } asks ? $", asks {asks}" : "") + $", because {l.Why}"));
        return steps;
    }

    private static async Task<TurnReading> ReadAsync(ProcessMessageRequest request, ICatalogSearch search,
        List<string>? steps, CancellationToken cancel)
    {
        var messages =
            request.Messages.Select(
                m => (Message: m, Tokens: Lexer.Read(ReadableText.Of(TextOf(m))),
                    Before: Lexer.Read(ReadableText.Of(m.Before ?? "")))).ToList();
        var quoted = request.Messages.SelectMany(m => Lexer.Read(ReadableText.Of(m.Quoted ?? "")));
        // What is quoted is searched, but it is not in the language of whoever quotes it.
        var own = messages.SelectMany(m => m.Tokens.Concat(m.Before)).ToList();
        var languages = Languages.Of(own, request.Language, string.Join(' ', request.Messages.Select(m => m.Text)));
        List<Token> all = [.. own, .. quoted];
        var concerned = await search.GetAsync(Concerned(request, all), cancel);
        var words = Query(all, languages.All);
        // "and 3 of the 20 litre": the family of what was ordered last is at hand.
        if (all.Exists(t => t.IsNumber) && Context.LastSpokenOf(request, concerned) is { } last)
            words = [.. words, .. Families.HeadsOf(last).Except(words)];
        var found = await search.FindAsync(words, Math.Min(MaxCandidates, 40 + (words.Count * 6)), cancel);
        var products = found.Concat(concerned).DistinctBy(p => p.Sku).ToList();
        var vocabulary = new Vocabulary(products, languages.All);
        var context = new Context(request, products.ToDictionary(p => p.Sku), vocabulary) { Steps = steps };
        var answered = Languages.OfReply(messages.SelectMany(m => m.Tokens), request.Language, languages.Main,
            request.History.Count > 0 ? request.History[^1].Reply : "");
        var reading = new TurnReader(context, answered, languages.All)
            .Read(messages.Select(m => (m.Message, m.Tokens, m.Before)));
        return await Customary.JudgeAsync(reading, request, search, cancel);
    }

    // A picture's caption is read; the placeholder that stands for the picture is not.
    private static string TextOf(TurnMessage message) => message.Kind switch
    {
        "deleted" => "",
        "text" or "edited" => message.Text,
        _ => TurnReader.Caption(message.Text),
    };

    /// <summary>
    /// Words that may name a product; words that only a language has are left out, they would find everything.
    /// </summary>
    private static List<string> Query(List<Token> tokens, IReadOnlySet<string> languages)
    {
        var words = new List<string>();
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Kind == TokenKind.Mark) continue;
            if (token.IsNumber && token.Text.Length >= 4) words.Add(token.Text);
            // "7aleeb" writes a letter as a digit.
            if (token is { IsNumber: true, Glued: true, Text.Length: 1 } && i + 1 < tokens.Count
                && tokens[i + 1] is { IsWord: true, Text.Length: >= 3 } rest
                && Lexicon.Shared.SenseOf(rest.Text, PhraseKind.Unit) is null
                && Lexicon.Shared.SenseOf(rest.Text, PhraseKind.Measure) is null) words.Add(token.Text + rest.Text);
            if (!token.IsWord || (Lexicon.Shared.Has(token.Text, PhraseKind.Filler, languages) && !IsCounted(tokens, i))
                || Lexicon.Shared.SenseOf(token.Text, PhraseKind.And) is not null) continue;
            if (Lexicon.Shared.Has(token.Text, PhraseKind.CommonWord, languages)
                && (IsVerb(token.Text) || !BesideName(tokens, i)))
                continue;
            if (IsUnitOf(tokens, i)) continue;
            words.Add(token.Text);
            if (token.Text.Length > 3 && token.Text[0] == 'و') words.Add(token.Text[1..]);
            // "BD-001", "h 4": a code in parts.
            var code = token.Text;
            for (var j = i + 1; j < Math.Min(i + 5, tokens.Count) && code.Length < 20; j++)
            {
                if (tokens[j].Kind == TokenKind.Mark && tokens[j].IsMark("-/._")) continue;
                if (!tokens[j].IsNumber && !tokens[j].IsWord) break;
                code += tokens[j].Text;
                if (tokens[j].IsNumber || tokens[j].Text.Any(char.IsAsciiDigit)) words.Add(code);
                else if (!tokens[j - 1].Glued) break;
            }
        }

        // "4x 60w 2x 100w": sizes alone may name a family.
        if (words.Count == 0)
            words.AddRange(tokens.Where((t, i) => t is { IsNumber: true, Glued: true }
                && tokens.ElementAtOrDefault(i + 1) is { IsWord: true }).Select(t => t.Text));
        return [.. words.Distinct().Take(MaxWords)];
    }

    // "office" is worth a search in "5 office chairs", and not in "to our office please".
    private static bool BesideName(List<Token> tokens, int at) => tokens.Count == 1
        || Names(tokens.ElementAtOrDefault(at - 1)) || Names(tokens.ElementAtOrDefault(at + 1));

    // The "te" of "te 3/4 10" and of "10 te de 3/4" is what is counted, whatever it means elsewhere.
    private static bool IsCounted(List<Token> tokens, int at) => tokens[at].Text.Length > 1
        && ((tokens.ElementAtOrDefault(at + 1) is { IsNumber: true } && (at == 0 || tokens[at - 1].EndsClause))
            || (at > 0 && tokens[at - 1].IsNumber && tokens.ElementAtOrDefault(at + 1) is { IsWord: true } of
                && Lexicon.Shared.SenseOf(of.Text, PhraseKind.Of) is not null
                && tokens.ElementAtOrDefault(at + 2) is { IsNumber: true }));

    private static bool IsVerb(string word) =>
        Lexicon.Shared.SenseOf(word, PhraseKind.Order) is not null
            || Lexicon.Shared.SenseOf(word, PhraseKind.Thanks) is not null
        || Lexicon.Shared.SenseOf(word, PhraseKind.Greeting) is not null
        || Lexicon.Shared.SenseOf(word, PhraseKind.Polite) is not null;

    // The carton of "5 cartons oil" and "oil 5 cartons" only counts; in "10 bags" it may be what is sold.
    private static bool IsUnitOf(List<Token> tokens, int at)
    {
        if (at == 0 || !tokens[at - 1].IsNumber || Lexicon.Shared.SenseOf(tokens[at].Text, PhraseKind.Unit) is null)
            return false;
        var next = at + 1 < tokens.Count && Lexicon.Shared.SenseOf(tokens[at + 1].Text, PhraseKind.Of) is not null
            ? at + 2
            : at + 1;
        return IsUnknown(tokens.ElementAtOrDefault(next)) || IsUnknown(tokens.ElementAtOrDefault(at - 2))
            || (at > 2 && tokens[at - 2].IsMark("-:") && IsUnknown(tokens[at - 3]));
    }

    private static bool IsUnknown(Token? token) => token is { IsWord: true } && !Lexicon.Shared.Knows(token.Text);

    private static bool Names(Token? token) => token is { IsNumber: true }
        || (token is { IsWord: true, Text: var word }
            && (!Lexicon.Shared.Knows(word) || Lexicon.Shared.SenseOf(word, PhraseKind.Unit) is not null));

    private static HashSet<string> Concerned(ProcessMessageRequest request, List<Token> tokens)
    {
        var skus = new HashSet<string>(request.Basket.Lines.Select(l => l.Sku));
        skus.UnionWith(request.Basket.Discussed);
        skus.UnionWith(request.LastOrder.Select(l => l.Sku));
        foreach (var open in request.Basket.Open)
        {
            skus.UnionWith(open.Candidates);
            if (open.Sku is not null) skus.Add(open.Sku);
        }

        var written = tokens.Select(t => t.Text).ToHashSet();
        foreach (var (phrase, sku) in request.Words)
            if (phrase.Split(' ').All(written.Contains)) skus.Add(sku);
        return skus;
    }
}
