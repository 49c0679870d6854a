using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>The state of the connection to WhatsApp, for those who need it or show it.</summary>
public sealed class WhatsAppLink
{
    private volatile LinkState _now = new(null, WhatsAppState.Starting, "", "");

    /// <param name="Page">Null while there is no usable page.</param>
    /// <param name="CatchingUp">The store is read after a gap: missed messages are not all stored yet.</param>
    public sealed record LinkState(IWhatsApp? Page, WhatsAppState State, string Reason, string LoginCode,
        bool CatchingUp = false);

    public LinkState Now => _now;

    /// <summary>Raised after each change.</summary>
    public event Action? Changed;

    /// <summary>The page, when messages can be sent through it now.</summary>
    public IWhatsApp? Ready => _now is { State: WhatsAppState.Ready, Page: { } page } ? page : null;

    /// <summary>The customers who are typing: WhatsApp's chat, and when WhatsApp last reported it.</summary>
    public System.Collections.Concurrent.ConcurrentDictionary<string, DateTimeOffset> Typing { get; } = new();

    /// <summary>When the phone was linked in this run; null when it was linked before.</summary>
    public DateTimeOffset? LinkedAt { get; private set; }

    public void NoteLinked(DateTimeOffset at) => LinkedAt = at;

    public void Set(Func<LinkState, LinkState> change)
    {
        _now = change(_now);
        Changed?.Invoke();
    }
}
