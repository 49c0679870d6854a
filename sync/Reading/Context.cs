using Sak.Sync.Model;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;
using Sak.Sync.Wire;

namespace Sak.Sync.Reading;

/// <summary>
/// What was known before the turn: the basket, the open questions, what was talked about, the last order.
/// </summary>
internal sealed class Context(ProcessMessageRequest request, IReadOnlyDictionary<string, Product> products,
    Vocabulary vocabulary)
{
    public ProcessMessageRequest Request { get; } = request;

    public BasketState Basket => Request.Basket;

    public Vocabulary Vocabulary { get; } = vocabulary;

    public bool AwaitsYes => Basket.Awaiting == Awaiting.Confirmation;

    /// <summary>Products just talked about, in this turn or before.</summary>
    public List<Product> Discussed { get; } = [.. request.Basket.Discussed.Select(products.GetValueOrDefault)
        .OfType<Product>()];

    public IReadOnlyList<Product> InBasket { get; } =
        [.. request.Basket.Lines.Select(l => products.GetValueOrDefault(l.Sku)).OfType<Product>()];

    public IReadOnlyList<Product> InLastOrder { get; } =
        [.. request.LastOrder.Select(l => products.GetValueOrDefault(l.Sku)).OfType<Product>()];

    /// <summary>The one product that the message being read answers to: "3 of this".</summary>
    public Product? Quoted { get; set; }

    /// <summary>What the family of the last product says that it is; empty where a question is open.</summary>
    public IReadOnlyList<Token> Family { get; } =
        request.Basket.Open.Count == 0 && LastSpokenOf(request, products.Values) is { } last
            ? [.. Families.HeadsOf(last).Select(w => new Token(TokenKind.Word, w, 0, 0))]
            : [];

    /// <summary>What the customer spoke of last, in the basket before elsewhere.</summary>
    public static Product? LastSpokenOf(ProcessMessageRequest request, IEnumerable<Product> products)
    {
        var sku = request.Basket.Lines.Count > 0 ? request.Basket.Lines[^1].Sku
            : request.Basket.Discussed.Count > 0 ? request.Basket.Discussed[^1] : null;
        return sku is null ? null : products.FirstOrDefault(p => p.Sku == sku);
    }

    /// <summary>What each step did, for a person; null where nobody asks.</summary>
    public List<string>? Steps { get; init; }

    /// <summary>True for a product of the basket or of the last order.</summary>
    public bool IsAtHand(Product product) => InBasket.Contains(product) || InLastOrder.Contains(product);

    public Product? Find(string? sku) => sku is null ? null : products.GetValueOrDefault(sku);

    public BasketLine? Line(string sku) => Basket.Lines.FirstOrDefault(l => l.Sku == sku);

    /// <summary>The customer's own word for a product, learned from an earlier answer.</summary>
    public Product? OwnWord(IReadOnlyList<Token> names)
    {
        if (Request.Words.Count == 0 || names.Count == 0) return null;
        return Request.Words.TryGetValue(Phrase(names), out var sku) ? Find(sku) : null;
    }

    /// <summary>The form in which a customer's own words are kept: normalised, in the order written.</summary>
    public static string Phrase(IEnumerable<Token> names) => string.Join(' ', names.Select(n => n.Text));
}
