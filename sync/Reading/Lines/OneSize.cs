using Sak.Sync.Reading.Message;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Reading.Lines;

/// <summary>"a large chocolate shake" where the family comes in one size: the size says nothing.</summary>
internal static class OneSize
{
    /// <summary>What the stretch means without its size; null where the size tells products apart.</summary>
    public static Meaning? Of(Stretch stretch, Vocabulary vocabulary)
    {
        var plain = stretch.Names.Where(n => !IsSize(n.ValueOf(PhraseKind.Adjective))).ToList();
        if (plain.Count == 0 || plain.Count != stretch.Names.Count - 1) return null;
        return IsOnly(stretch.Names.Except(plain).First(), plain, vocabulary)
            ? Matcher.Find(vocabulary, plain, stretch.Maybe, stretch.Sizes, [])
            : null;
    }

    /// <summary>True for a size that no product of the family has, and none has another.</summary>
    public static bool IsOnly(Token size, List<Token> known, Vocabulary vocabulary) =>
        IsSize(size.ValueOf(PhraseKind.Adjective))
        && Matcher.Find(vocabulary, known, [], [], []) is { Product: { } product, Tier: >= 4, Unexplained: 0 }
        && vocabulary.Products.Where(p => Families.Same(p.Product, product)).All(HasNoSize);

    private static bool HasNoSize(ProductNames names) =>
        names.Forms.All(f => f.Words.All(w => w.Number is null && !IsSize(w.Same)));

    private static bool IsSize(string? adjective) => adjective is "big" or "small" or "medium";
}
