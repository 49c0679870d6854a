using System.Net;
using Sak.Sync.Linked.Settings;

namespace Sak.Server.Settings;

/// <summary>The kinds of settings that only the server has.</summary>
internal sealed class ServerSettingsReader(SettingsSources sources) : SettingsReader(sources)
{
    public static bool IsTls(BindingAddress listens) =>
        listens.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Where the server listens. Only an IP address, localhost and * are bound as they are written: any other name, or
    /// a user before the host, is every interface of the machine to Kestrel.
    /// </summary>
    public string Listens(string key, string fallback)
    {
        var text = Text(key, fallback).TrimEnd('/');
        var shown = text[(text.LastIndexOf('@') + 1)..];
        if (Parse(text) is not { } listens)
            Fault(key, $"is \"{shown}\", which is no address to listen on", $"Write for example {fallback}.");
        else if (!IPAddress.TryParse(listens.Host, out _) && !IsLoopback(listens.Host)
            && listens.Host is not ("*" or "+"))
            Fault(key, $"is \"{shown}\", but must name an IP address, localhost or *, and no user",
                "Write for example http://0.0.0.0:5080 behind a proxy that does TLS.");
        else if (listens is { Port: 0 } && listens.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase))
            Fault(key, $"is \"{shown}\", but the port 0 needs one IP address", "Write http://127.0.0.1:0.");
        return text;
    }

    private static BindingAddress? Parse(string text)
    {
        try
        {
            var listens = BindingAddress.Parse(text);
            var isHttp = IsTls(listens) || listens.Scheme.Equals("http", StringComparison.OrdinalIgnoreCase);
            return isHttp
                && listens is { IsUnixPipe: false, IsNamedPipe: false, PathBase: "",
                    Port: >= 0 and <= ushort.MaxValue } ? listens : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
