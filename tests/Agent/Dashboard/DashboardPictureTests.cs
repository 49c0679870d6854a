using System.Xml.Linq;
using Sak.Tools;
using Sak.Tools.DashboardPicture;

namespace Sak.Tests.Agent.Dashboard;

public sealed class DashboardPictureTests
{
    [Fact]
    public async Task The_picture_in_the_readme_is_what_the_dashboard_draws_today()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sak-picture-{Guid.NewGuid():N}.svg");
        await DashboardSvg.RunAsync(file);
        var drawn = (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n");
        File.Delete(file);

        var texts = XDocument.Parse(drawn).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value)
            .ToList();
        Assert.Contains("Ravi Hardware & Paints", string.Join(' ', texts));
        Assert.Contains("A-1009", texts);
        var kept =
            (await File.ReadAllTextAsync(
                Path.Combine(House.Root, "agent", "Dashboard", "dashboard.svg"))).ReplaceLineEndings("\n");
        Assert.True(kept == drawn,
            "The dashboard looks different now: write agent/Dashboard/dashboard.svg again with "
                + "DashboardSvg.RunAsync.");
    }
}
