namespace Sak.Agent.WhatsApp;

/// <summary>Where and how WhatsApp Web is opened.</summary>
/// <param name="Address">"https://web.whatsapp.com", or the stand-in's address.</param>
/// <param name="Browser">"auto", "chrome", "msedge", "bundled" (Playwright's own), or a path.</param>
/// <param name="ProfileFolder">Holds the login. SAK never deletes it, and only one agent at a time uses it.</param>
/// <param name="BundlePath">A bridge bundle other than the one in the data folder or beside the program.</param>
public sealed record WhatsAppOptions(string Address, string Browser, string ProfileFolder, bool Headless,
    string? BundlePath, string DataFolder)
{
    /// <summary>Time limit for the bridge to become ready, with an empty profile too.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How long a send waits for WhatsApp's acknowledgement; after that the message counts as pending.
    /// </summary>
    public TimeSpan SendWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the scan's cursor stays before an unreadable message in case it becomes readable.</summary>
    public TimeSpan UnreadablePatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Added to the browser's command line.</summary>
    public IReadOnlyList<string> BrowserArguments { get; init; } = [];
}
