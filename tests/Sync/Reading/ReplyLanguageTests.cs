using Sak.Sync.Reading;
using Sak.Sync.Wire;

namespace Sak.Tests.Sync.Reading;

/// <summary>The language of a reply follows the customer's own sentences.</summary>
public sealed class ReplyLanguageTests
{
    [Theory]
    [InlineData("hi", "Sunflower Oil 1 L कितना चाहिए (bottle, ctn = 12 bottle)?", "2 bottle")]
    [InlineData("hi", "", "2 box")]
    [InlineData("es", "¿Cuánto desea de Sunflower Oil 1 L (bottle, ctn)?", "5 bottles")]
    [InlineData("pt", "Quanto deseja de Tea 250 g (pack ou ctn)?", "3 pack")]
    [InlineData("ar", "كم تريد من Tea 250 g (pack)؟", "2 pack")]
    [InlineData("en", "How much Tea 250 g would you like (caja of 24)?", "2 cajas")]
    [InlineData("hi-Latn", "Pakka karne ke liye HAAN likhiye.", "👍")]
    public async Task A_unit_or_a_word_that_the_shop_taught_does_not_change_it(string before, string reply,
        string text) => Assert.Equal(before, await LanguageAsync(before, reply, text));

    [Theory]
    [InlineData("en", "necesito tres botellas de aceite por favor", "es")]
    [InlineData("es", "please send me three bottles of oil", "en")]
    [InlineData("en", "mujhe teen bottle tel chahiye", "hi-Latn")]
    [InlineData("en", "मुझे तेल चाहिए", "hi")]
    [InlineData("hi", "أريد ٣ سكر", "ar")]
    [InlineData("", "quero três açúcar", "pt")]
    public async Task A_sentence_of_his_own_changes_it(string before, string text, string expected) =>
        Assert.Equal(expected, await LanguageAsync(before, "", text));

    private static async Task<string> LanguageAsync(string before, string reply, string text)
    {
        var request = Grocer.Request(Sak.Sync.Model.BasketState.Empty, text) with
        {
            Language = before, History = [new PastTurn("…", reply)],
        };
        return (await OrderReader.ExplainAsync(request, Grocer.Search, TestContext.Current.CancellationToken)).Language;
    }
}
