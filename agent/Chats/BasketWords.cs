using System.Globalization;
using System.Text.Json;

namespace Sak.Agent.Chats;

/// <summary>
/// A basket of WhatsApp's catalog as words, a product a line: the reader finds each by the shop's own code or by its
/// name, and prices it from SAK's catalog. WhatsApp's prices are never used.
/// </summary>
internal static class BasketWords
{
    private sealed record BasketProduct(string Id, string Code, string Name, decimal Quantity);

    private sealed record WhatsAppBasket(IReadOnlyList<BasketProduct> Products);

    /// <summary>"3 x Sunflower Oil 1 L (OIL-1)" a line; empty for content that is no basket.</summary>
    public static string Of(byte[] content)
    {
        try
        {
            var basket = JsonSerializer.Deserialize<WhatsAppBasket>(content, JsonSerializerOptions.Web);
            return string.Join('\n', (basket?.Products ?? []).Select(Line));
        }
        catch (JsonException)
        {
            return ""; // A person opens it.
        }
    }

    // A code without letters would be read as a number.
    private static string Line(BasketProduct product)
    {
        var quantity = product.Quantity.ToString("0.###", CultureInfo.InvariantCulture);
        var code = product.Code.Any(char.IsLetter) ? OneLine(product.Code) : "";
        var name = OneLine(product.Name);
        if (name.Length == 0) return $"{quantity} x {code}";
        return code.Length == 0 ? $"{quantity} x {name}" : $"{quantity} x {name} ({code})";
    }

    private static string OneLine(string text) => text.Replace('\n', ' ').Replace('\r', ' ').Trim();
}
