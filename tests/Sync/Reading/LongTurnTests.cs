using System.Diagnostics;
using Sak.Sync.Model;
using Sak.Sync.Reading;

namespace Sak.Tests.Sync.Reading;

/// <summary>A turn may be long, on purpose or not; reading it costs time that grows with its letters.</summary>
public class LongTurnTests
{
    private static readonly string[] Pieces = ["oil 5 ", "5 oil, ", "oil 5\n", "a b c d ", ". ", ".", "a: ",
        "how much ", "a.b.", "~a ", "*a ", "_a ", "oil or ", "oil and ", "if available oil or ",
        "change oil to 5 ", "qty: 3 ", "\n", "زيت ٥ ", "तेल ५ ", "not 5 ", "to Green Park 5 ", "1.1.", "+1 (",
        "calle mayor 5 aceite ", "same as last time but "];

    [Fact]
    public async Task A_long_message_costs_what_its_parts_cost_and_many_messages_what_each_costs()
    {
        foreach (var piece in Pieces)
        {
            await TimeAsync(piece, 500, 1);
            var parts = TimeSpan.Zero;
            for (var i = 0; i < 8; i++) parts += await TimeAsync(piece, 500, 1);
            var (one, eight) = (await LeastAsync(piece, 1), await LeastAsync(piece, 8));

            // With the square of the letters, one would take eight times its parts, and eight messages 64 times one.
            var slack = TimeSpan.FromMilliseconds(20);
            Assert.True(one < (parts + slack) * 4, $"\"{piece}\": 8 x 500 letters take {parts}, 4,000 take {one}");
            Assert.True(eight < (one + slack) * 24, $"\"{piece}\": one message takes {one}, eight take {eight}");
        }
    }

    [Fact]
    public async Task At_most_250_lines_of_a_turn_are_read_and_the_rest_is_left_to_the_owner()
    {
        var list = string.Join('\n', Enumerable.Range(1, 300).Select(i => $"{i} oil"));

        var reading = await WrittenTests.ReadAsync(list);

        Assert.False(reading.ReadAll);
        Assert.True(reading.ToReply().Unread);
        Assert.Equal(250, reading.Lines.Sum(l => l.Words.Length > 0 ? 1 : 0));
        Assert.DoesNotContain("251 oil", reading.Lines.Select(l => l.Words));
    }

    [Fact]
    public async Task A_long_order_within_the_bound_is_read_whole()
    {
        var messages = Enumerable.Range(0, 20).Select(i => "2 oil, 3 salt and 1 sugar " + new string('.', 3_000));

        var reading = await WrittenTests.ReadAsync([.. messages]);

        Assert.True(reading.ReadAll);
    }

    [Fact]
    public async Task A_yes_at_the_end_of_what_was_not_read_whole_confirms_nothing()
    {
        var list = string.Join('\n', Enumerable.Range(1, 300).Select(i => $"{i} zzzz"));

        var reading = await OrderReader.ExplainAsync(Grocer.Request(Grocer.With(("G-1", 5)), list, "yes"),
            Grocer.Search, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(IntentKind.Confirm, reading.Signs);
    }

    private static async Task<TimeSpan> LeastAsync(string piece, int messages)
    {
        var first = await TimeAsync(piece, 4_000, messages);
        var second = await TimeAsync(piece, 4_000, messages);
        return first < second ? first : second;
    }

    private static async Task<TimeSpan> TimeAsync(string piece, int letters, int messages)
    {
        var text = string.Concat(Enumerable.Repeat(piece, (letters / piece.Length) + 1))[..letters];
        var start = Stopwatch.GetTimestamp();
        await WrittenTests.ReadAsync([.. Enumerable.Repeat(text, messages)]);
        return Stopwatch.GetElapsedTime(start);
    }
}
