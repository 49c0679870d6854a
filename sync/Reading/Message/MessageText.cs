using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using static Sak.Sync.Reading.Words.PhraseKind;

namespace Sak.Sync.Reading.Message;

/// <summary>One message as the language tables understand it, before its lines are read.</summary>
internal sealed class MessageText
{
    private const int LongestClause = 60;

    public required List<Token> Tokens { get; init; }

    public required List<FoundPhrase> Phrases { get; init; }

    public required string Written { get; init; }

    public required string MessageId { get; init; }

    /// <summary>Its language writes "1,5" for one and a half.</summary>
    public bool CommaIsDecimal { get; init; }

    /// <summary>Holds somebody's words: he said "yes", or a mail's "> yes".</summary>
    public bool IsQuoted => Written.AsSpan().IndexOfAny("\"“”„«»") >= 0 || Written.TrimStart().StartsWith('>');

    /// <summary>For each token, the clause that it stands in.</summary>
    public int[] Clauses => _clauses ??= ClausesOf();

    private int[]? _clauses;

    // Commas and ends of sentences part clauses; "and" does where one side orders and the other asks ("2 box bhejna aur
    // rate batana").
    private int[] ClausesOf()
    {
        var clauses = new int[Tokens.Count];
        var turns = Has(Order) && Has(PriceQuestion, PriceHint, StockQuestion, Payment);
        var (clause, start) = (0, 0);
        for (var i = 0; i < Tokens.Count; i++)
        {
            clauses[i] = clause;
            var parts = Tokens[i].EndsClause || (turns && Tokens[i].IsWord && Tokens[i].Is(And) && Turns(start, i));
            if (!parts) continue;
            clause++;
            start = i + 1;
        }

        return clauses;
    }

    private bool Turns(int start, int at)
    {
        var end = at + 1;
        while (end < Math.Min(Tokens.Count, at + LongestClause) && !Tokens[end].EndsClause) end++;
        start = Math.Max(start, at - LongestClause);
        return (Within(Order, start, at) && Asks(at + 1, end) && !Asks(start, at))
            || (Asks(start, at) && Within(Order, at + 1, end) && !Asks(at + 1, end));
    }

    private bool Asks(int start, int end) =>
        Within(PriceQuestion, start, end) || Within(PriceHint, start, end) || Within(StockQuestion, start, end)
        || Within(Payment, start, end);

    private bool Within(PhraseKind kind, int start, int end)
    {
        for (var i = start; i < end; i++)
            foreach (var phrase in (_byToken ??= new PhrasesByToken(Phrases, Tokens.Count)).At(i))
                if (phrase.Kind == kind && phrase.Start >= start && phrase.End <= end) return true;
        return false;
    }

    private PhrasesByToken? _byToken;

    public IEnumerable<FoundPhrase> Of(PhraseKind kind) => Phrases.Where(c => c.Kind == kind);

    public bool Has(params ReadOnlySpan<PhraseKind> kinds)
    {
        if (_kindsOf != Phrases.Count) (_kindsOf, _kinds) = (Phrases.Count, [.. Phrases.Select(p => p.Kind)]);
        foreach (var kind in kinds)
            if (_kinds.Contains(kind)) return true;
        return false;
    }

    private int _kindsOf;
    private HashSet<PhraseKind> _kinds = [];

    /// <summary>The customer's words of these tokens, as written.</summary>
    public string Words(IReadOnlyList<Token> tokens) =>
        tokens.Count == 0 ? "" : Written[tokens.Min(t => t.Start)..tokens.Max(t => t.End)].Trim();

    public static MessageText Read(string text, string messageId, IReadOnlySet<string> languages, Vocabulary vocabulary,
        List<Token> lexed)
    {
        if (text.Length > Normal.MaxLength) text = text[..Normal.MaxLength];
        var tokens = ProductCodes.Join(lexed, vocabulary);
        WordSenses.Give(tokens, languages, vocabulary);
        tokens = WordSenses.SplitConjunctions(tokens, languages, vocabulary);
        var commaIsDecimal = DecimalSign.IsComma(languages);
        tokens = Numbers.InMessage(NumberPhrases.Join(tokens, languages), vocabulary.SellsByMetre, commaIsDecimal);
        var phrases = new PhraseFinder(tokens, languages, vocabulary).Find();
        WordUses.More(tokens, phrases);
        for (var i = 0; i < tokens.Count; i++) tokens[i].At = i;
        return new MessageText { Tokens = tokens, Phrases = phrases, Written = text, MessageId = messageId,
            CommaIsDecimal = commaIsDecimal };
    }
}
