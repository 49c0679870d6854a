using System.Text.RegularExpressions;
using Sak.Agent.WhatsApp;

namespace Sak.Tests.Agent.WhatsApp;

/// <summary>The probe at the start checks exactly the functions that the page's script calls.</summary>
public sealed partial class BridgeProbeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_call_of_wa_js_is_in_the_probes_list_and_every_entry_of_the_list_is_called()
    {
        var (script, list) = await ScriptsAsync();
        var called = Call().Matches(script).Select(m => m.Groups[1].Value)
            .Where(call => !call.StartsWith("whatsapp.", StringComparison.Ordinal)).ToHashSet();
        var listed = Entry().Matches(list).Select(m => m.Groups[1].Value).ToHashSet();

        Assert.Equal(called.Order(),
            listed.Where(entry => !entry.StartsWith("whatsapp.", StringComparison.Ordinal)).Order());
        Assert.True(listed.Count >= 12);
    }

    [Fact]
    public async Task Every_part_of_WhatsApp_that_the_script_touches_itself_is_in_the_list()
    {
        var (script, list) = await ScriptsAsync();
        var touched = Part().Matches(script).Select(m => m.Groups[1].Value).Concat(["Stream", "websocket"]).ToHashSet();

        Assert.All(touched, part => Assert.Matches($@"'(whatsapp\.)?{part}\b", list));
    }

    // The script without its list, then the list.
    private static async Task<(string Script, string List)> ScriptsAsync()
    {
        var probe = await BridgeBundle.OwnAsync("BridgeProbe.js", Cancel);
        var (from, to) = (probe.IndexOf("const uses = {", StringComparison.Ordinal),
            probe.IndexOf("\n};", StringComparison.Ordinal));
        return (await BridgeBundle.OwnAsync("Bridge.js", Cancel) + probe[..from] + probe[to..], probe[from..to]);
    }

    [GeneratedRegex(@"\bWPP\.([a-z]\w*\.\w+)")]
    private static partial Regex Call();

    [GeneratedRegex(@"\['([\w.]+)', !?must,")]
    private static partial Regex Entry();

    [GeneratedRegex(@"\bWPP\.whatsapp\.(\w+)")]
    private static partial Regex Part();
}
