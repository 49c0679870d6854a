using Sak.Tools.Bench;

namespace Sak.Tests.Tidy;

/// <summary>The page of measurements: each workload has its own section, and a new run replaces only that.</summary>
public sealed class BenchReportTests
{
    [Fact]
    public void A_new_run_replaces_its_own_section_only()
    {
        var page = BenchReport.Replace("# Page\n\nWords.\n", "bench sync", "\nold\n");
        page = BenchReport.Replace(page, "bench sync --agents 200", "\nfleet\n");
        page = BenchReport.Replace(page, "bench sync", "\nnew\n");

        Assert.Equal("# Page\n\nWords.\n\n## bench sync\n\nnew\n\n## bench sync --agents 200\n\nfleet\n", page);
    }

    [Fact]
    public void Lines_of_the_same_figures_are_one_table() =>
        Assert.Equal("""

            | workload | median ms |
            | --- | --- |
            | read | 1.5 |
            | write | 2 |

            | workload | seconds |
            | --- | --- |
            | build | 3.25 |

            """.ReplaceLineEndings("\n"), BenchReport.Tables(
            "starting\n{\"workload\":\"read\",\"median_ms\":1.5}\n{\"workload\":\"write\",\"median_ms\":2}\n"
                + "{\"workload\":\"build\",\"seconds\":3.25}\n"));
}
