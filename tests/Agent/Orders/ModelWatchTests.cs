using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Loops;
using Sak.Agent.Orders;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Orders;

/// <summary>The owner learns from the cloud's replies how the shop's model does.</summary>
public sealed class ModelWatchTests
{
    private readonly List<Trouble> _raised = [];
    private readonly Alarms _alarms = new(new FakeTimeProvider(TestTime.Start));
    private readonly ModelWatch _watch;

    public ModelWatchTests()
    {
        _alarms.Raised += _raised.Add;
        _watch = new ModelWatch(_alarms);
    }

    [Fact]
    public void A_budget_that_is_nearly_spent_is_shown_once_and_goes_with_the_next_day()
    {
        _watch.Note(new ModelState(79));
        Assert.Empty(_alarms.Now);

        foreach (var percent in new[] { 80, 81, 99 }) _watch.Note(new ModelState(percent));
        Assert.Contains("More than 80 %", Assert.Single(_alarms.Now).What);
        Assert.Contains("Model:TokensPerDay", _alarms.Now[0].Next);
        Assert.Single(_raised);

        _watch.Note(new ModelState(100));
        _watch.Note(new ModelState(100, "overbudget"));
        Assert.Contains("are spent: the rules of SAK answer", Assert.Single(_alarms.Now).What);
        Assert.Equal(2, _raised.Count);

        _watch.Note(new ModelState(1));
        Assert.Empty(_alarms.Now);
    }

    [Theory]
    [InlineData("refused", "is refused by its provider")]
    [InlineData("tooslow", "is too slow")]
    [InlineData("a word of a newer server", "fails")]
    public void A_model_that_fails_three_times_in_a_row_is_shown_until_it_answers(string failure, string shown)
    {
        _watch.Note(new ModelState(0, failure));
        _watch.Note(new ModelState(0, failure));
        _watch.Note(new ModelState(0));
        _watch.Note(new ModelState(0, failure));
        _watch.Note(new ModelState(0, failure));
        Assert.Empty(_alarms.Now);

        _watch.Note(new ModelState(0, failure));
        Assert.Contains(shown, Assert.Single(_alarms.Now).What);
        Assert.Contains("operator of the server", _alarms.Now[0].Next);

        // Null: the reader on this PC answered, or a server without a model. It says nothing about the model.
        _watch.Note(null);
        Assert.Single(_alarms.Now);
        _watch.Note(new ModelState(0));
        Assert.Empty(_alarms.Now);
    }
}
