using Sak.Tools;

namespace Sak.Tests.EndToEnd;

/// <summary>The order and the output of the set-up, with fake installers.</summary>
public sealed class SetupTests
{
    private const string FailedDownload =
        """
        Downloading Chrome for Testing 156.0.8078.4 from https://cdn.playwright.dev/builds/cft/chrome-linux64.zip
        Error: getaddrinfo ENOTFOUND cdn.playwright.dev
            at GetAddrInfoReqWrap.onlookupall [as oncomplete] (node:internal/dns/promises:102:17) {
          code: 'ENOTFOUND',
        }
        Failed to install browsers
        Error: Failed to download Chrome for Testing 156.0.8078.4, caused by
        Error: Download failure, code=1
            at ChildProcess._handle.onexit (node:internal/child_process:324:12)
        """;

    private static readonly SetupWay Never = Way("never", () => throw new InvalidOperationException("It was tried."));
    private readonly List<string> _said = [];
    private string? _place;

    [Fact]
    public async Task What_is_there_is_used_and_nothing_is_installed()
    {
        _place = "/usr/bin/chromium";

        Assert.True(await RunAsync(Never));
        Assert.Equal(["Chromium: found /usr/bin/chromium"], _said);
    }

    [Fact]
    public async Task The_ways_are_tried_in_order_until_one_brings_it()
    {
        var apt = Way("installing by apt", () => "E: Unable to locate package chromium");
        var playwright = Way("downloading by Playwright", () => _place = "/root/chrome");

        Assert.True(await RunAsync(apt, playwright, Never));
        Assert.Equal(
            [
                "Chromium: installing by apt",
                "Chromium: installing by apt failed (E: Unable to locate package chromium)",
                "Chromium: downloading by Playwright",
            ],
            _said);
    }

    [Fact]
    public async Task A_download_that_can_not_be_had_is_one_line_with_its_reason()
    {
        Assert.False(await RunAsync(Way("downloading by Playwright", () => FailedDownload)));
        Assert.Equal(
            "Chromium: downloading by Playwright failed (Error: getaddrinfo ENOTFOUND cdn.playwright.dev)", _said[^1]);
        Assert.Equal(2, _said.Count);
        Assert.All(_said, line => Assert.DoesNotContain('\n', line));
    }

    [Fact]
    public async Task A_step_is_announced_before_it_begins()
    {
        var saidBefore = 0;
        await RunAsync(Way("installing by apt", () =>
        {
            saidBefore = _said.Count;
            return _place = "/usr/bin/chromium";
        }));

        Assert.Equal(1, saidBefore);
    }

    [Fact]
    public async Task An_installer_that_is_not_on_this_machine_is_a_line_too_and_the_next_way_is_tried()
    {
        var npm = Way("downloading by npm", () => throw new SetupException("npm could not be started."));

        Assert.True(await RunAsync(npm, Way("installing by apt", () => _place = "/usr/bin/chromium")));
        Assert.Contains("Chromium: downloading by npm failed (npm could not be started.)", _said);
    }

    [Fact]
    public void The_systems_own_browser_is_tried_before_Playwrights_download()
    {
        string[] both = ["installing by apt", "downloading by Playwright"];

        Assert.Equal(both, Setup.BrowserStep(hasApt: true).Ways.Select(w => w.Name));
        Assert.Equal(both[1..], Setup.BrowserStep(hasApt: false).Ways.Select(w => w.Name));
    }

    [Theory]
    [InlineData("npm error code ENOTFOUND\nnpm error errno 1\nnpm error request failed", "npm error request failed")]
    [InlineData("first\nlast\n", "last")]
    [InlineData("\n", "it wrote nothing")]
    public void The_reason_is_the_line_that_names_the_error_else_the_last_one(string output, string reason) =>
        Assert.Equal(reason, SetupStep.Reason(output));

    private Task<bool> RunAsync(params SetupWay[] ways) =>
        new SetupStep("Chromium", () => Task.FromResult(_place), ways).RunAsync(_said.Add, CancellationToken.None);

    private static SetupWay Way(string name, Func<string> run) => new(name, _ => Task.FromResult(run()));
}
