namespace Sak.Sync.Reading.Message;

/// <summary>What a customer does with one message, and which parts of it may hold lines.</summary>
/// <param name="Muted">Clauses whose numbers and products are not ordered; null when that holds for all.</param>
/// <param name="Orders">The message says that it orders ("send", "chahiye"), or asks politely.</param>
/// <param name="Why">For a person.</param>
internal sealed record Decision(Purpose Purpose, IReadOnlySet<int>? Muted, bool Orders, string Why)
{
    public static readonly IReadOnlySet<int> NoClause = new HashSet<int>();

    /// <summary>The name of the rule that fired; empty where no rule was asked.</summary>
    public string Rule { get; init; } = "";

    public bool Mutes(int clause) => Muted is null || Muted.Contains(clause);

    /// <summary>Nothing of the message is ordered.</summary>
    public static Decision NoLines(Purpose purpose, string why) => new(purpose, null, false, why);

    /// <summary>Every clause may hold lines.</summary>
    public static Decision AllLines(Purpose purpose, bool orders, string why) => new(purpose, NoClause, orders, why);
}

/// <summary>A part of a message that may become a line, as far as the purpose depends on it.</summary>
/// <param name="Clause">The clause that it belongs to.</param>
/// <param name="Start">The token where its quantity is, or else where it begins.</param>
/// <param name="HasName">It names a product, by words or by a size.</param>
/// <param name="NamedByWords">It has words of its own that name the product.</param>
/// <param name="OnlyArticle">Its quantity is "a" or "an".</param>
/// <param name="IsClear">It means exactly one product.</param>
/// <param name="MayMean">How many products it may mean.</param>
/// <param name="Unexplained">How many of its words fit no product.</param>
internal sealed record StretchFacts(int Clause, int Start, bool HasName, bool NamedByWords, bool HasQuantity,
    bool HasUnit,
    bool OnlyArticle, bool IsClear, int MayMean, int Unexplained);
