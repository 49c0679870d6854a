using Sak.Sync.Replica;

namespace Sak.Tests.Sync.Replica;

public sealed class MergeTests
{
    private static readonly object?[] Cloud = Tables.Products.Row(("id", "p1"), ("sku", "BD-1"), ("name", "Bread"),
        ("unit", "pcs"), ("price", 235), ("currency", "INR"), ("active", 1), ("on_hand", 4000));
    private static readonly int Name = Tables.Products.IndexOf("name");
    private static readonly int Price = Tables.Products.IndexOf("price");
    private static readonly int Aliases = Tables.Products.IndexOf("aliases");
    private static readonly int OnHand = Tables.Products.IndexOf("on_hand");

    private static object?[] With(int column, object? value)
    {
        var row = (object?[])Cloud.Clone();
        row[column] = value;
        return row;
    }

    [Fact]
    public void A_column_that_only_the_agent_changed_is_taken()
    {
        var merged = Merge.Update(Tables.Products, Cloud, [new(Price, 235L, 250L)]);
        Assert.Equal(With(Price, 250L), merged.Values);
        Assert.Empty(merged.Conflicts);
    }

    [Fact]
    public void Two_columns_of_one_row_changed_in_two_places_are_both_kept()
    {
        var merged = Merge.Update(Tables.Products, With(Price, 260L), [new(Aliases, "", "roti")]);
        Assert.Equal(260L, merged.Values[Price]);
        Assert.Equal("roti", merged.Values[Aliases]);
        Assert.Empty(merged.Conflicts);
    }

    [Fact]
    public void A_price_changed_in_both_places_keeps_the_clouds_and_tells()
    {
        var merged = Merge.Update(Tables.Products, With(Price, 260L),
            [new(Price, 235L, 250L), new(Aliases, "", "roti")]);
        Assert.Equal(260L, merged.Values[Price]);
        Assert.Equal("roti", merged.Values[Aliases]);
        var conflict = Assert.Single(merged.Conflicts);
        Assert.Equal(new MergeConflict(Price, 260L, 250L), conflict);
        Assert.Contains("260", Merge.Reason(Tables.Products, conflict));
        Assert.Contains("250", Merge.Reason(Tables.Products, conflict));
    }

    [Fact]
    public void A_value_of_the_agent_that_wins_by_its_rule_over_one_it_had_not_seen_is_told_too()
    {
        var phone = Tables.Customers.IndexOf("phone");
        var cloud = Tables.Customers.Row(("id", "c1"), ("phone", "111"), ("name", "Asha"));
        var unseen = Merge.Update(Tables.Customers, cloud, [new(phone, "999", "222")]);
        Assert.Equal("222", unseen.Values[phone]);
        Assert.Empty(unseen.Conflicts);
        var lost = Assert.Single(unseen.Overruled);
        Assert.Contains("\"222\" was kept, not the cloud's \"111\"", Merge.Overruled(Tables.Customers, lost));
        Assert.Empty(Merge.Update(Tables.Customers, cloud, [new(phone, "111", "222")]).Overruled);
        Assert.Empty(Merge.Update(Tables.Customers, cloud, [new(phone, "999", "111")]).Overruled);
    }

    [Fact]
    public void The_same_value_written_in_both_places_is_no_conflict()
    {
        var merged = Merge.Update(Tables.Products, With(Price, 250L), [new(Price, 235L, 250L)]);
        Assert.Equal(250L, merged.Values[Price]);
        Assert.Empty(merged.Conflicts);
    }

    [Fact]
    public void Where_the_agent_wins_its_value_is_taken_against_the_clouds()
    {
        var language = Tables.Customers.IndexOf("language");
        var customer = Tables.Customers.Row(("id", "c1"), ("language", "en"));
        var merged = Merge.Update(Tables.Customers, customer, [new(language, "", "hi")]);
        Assert.Equal("hi", merged.Values[language]);
        Assert.Empty(merged.Conflicts);
    }

    [Fact]
    public void An_order_number_never_changes_even_when_the_agent_saw_the_clouds()
    {
        var number = Tables.Orders.IndexOf("number");
        var order = Tables.Orders.Row(("id", "o1"), ("number", "A-1"), ("status", "confirmed"));
        var merged = Merge.Update(Tables.Orders, order, [new(number, "A-1", "A-2")]);
        Assert.Equal("A-1", merged.Values[number]);
        Assert.Contains("never changes", Merge.Reason(Tables.Orders, Assert.Single(merged.Conflicts)));
    }

    [Fact]
    public void Stock_on_hand_is_the_clouds_whatever_an_agent_sends()
    {
        Assert.Equal(4000L, Merge.Update(Tables.Products, Cloud, [new(OnHand, 4000L, 1L)]).Values[OnHand]);
        Assert.Equal(4000L, Merge.Insert(Tables.Products, Cloud, With(OnHand, 9L)).Values[OnHand]);
        Assert.Null(Merge.New(Tables.Products, With(OnHand, 9L))[OnHand]);
    }

    [Fact]
    public void An_insert_that_is_there_already_changes_nothing_and_is_no_conflict()
    {
        var merged = Merge.Insert(Tables.Products, Cloud, Cloud);
        Assert.Equal(Cloud, merged.Values);
        Assert.Empty(merged.Conflicts);
    }

    [Fact]
    public void Columns_that_the_agent_does_not_know_are_left_alone()
    {
        Assert.Equal("Bread", Merge.Insert(Tables.Products, Cloud, With(Name, Absent.Value)).Values[Name]);
        Assert.Equal("", Merge.New(Tables.Products, With(Name, Absent.Value))[Name]);
        Assert.Equal(0L, Merge.New(Tables.Products, With(Price, Absent.Value))[Price]);
    }
}
