namespace Sak.Tests.Tidy;

/// <summary>The list of what may stay as it is can shrink and not grow.</summary>
public sealed class RatchetTests
{
    [Fact]
    public void A_new_breach_is_named_with_what_to_do_instead()
    {
        var fault = Assert.Single(Ratchet.Faults([], Ratchet.Counts(["a.cs"]), "Break the line."));

        Assert.Contains("+ a.cs: 1", fault);
        Assert.Contains("Break the line.", fault);
    }

    [Fact]
    public void One_breach_more_in_a_listed_place_is_a_fault() =>
        Assert.Contains("+ a.cs: 2, frozen are 1",
            Assert.Single(Ratchet.Faults(new() { ["a.cs"] = 1 }, Ratchet.Counts(["a.cs", "a.cs"]), "")));

    [Fact]
    public void A_place_that_was_mended_has_to_leave_the_list()
    {
        var faults = Ratchet.Faults(new() { ["a.cs"] = 1, ["b.cs"] = 2 }, Ratchet.Counts(["b.cs"]), "");

        Assert.Contains("Remove it from the list", faults[0]);
        Assert.Contains("Lower it in the list", faults[1]);
    }

    [Fact]
    public void A_renewal_writes_nothing_that_is_new_or_worse()
    {
        var renewed = Ratchet.Renewed(new() { ["a.cs"] = 1, ["b.cs"] = 3 },
            Ratchet.Counts(["a.cs", "a.cs", "b.cs", "new.cs"]));

        Assert.Equal(new() { ["a.cs"] = 1, ["b.cs"] = 1 }, renewed);
    }

    [Fact]
    public void The_file_is_read_as_it_was_written()
    {
        const string text = "# First rule\n2 a/b.cs\n\n# Second rule\n1 Name: c.cs\n";

        Assert.Equal(text, Ratchet.Text(Ratchet.Read(text)));
    }

    [Fact]
    public void Code_literals_and_comments_are_told_apart()
    {
        const string text = """"
            var a = $"one {(x ? "two" : 'c')} {{three}}"; // four "five"
            var b = @"six "" seven"; /* eight */ Call('"', """nine "ten" """);
            """";
        var parts = new CodeText(text);

        Assert.Equal(["var", "a", "=", "$", ";", "var", "b", "=", "@", ";", "Call(", ",", ");"], Words(parts.Code));
        Assert.Equal(["//", "four", "\"five\"", "/*", "eight", "*/"], Words(parts.Comments));
        Assert.Contains("seven", parts.Literals);
    }

    private static string[] Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
