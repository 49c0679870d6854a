using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>
/// A stand-in for WhatsApp: a page on loopback on which the real wa-js works, and the server behind it. Customers,
/// faults and checks act here, outside of any browser. All state is in memory and ends with the site, except what a
/// browser profile has stored.
/// </summary>
public sealed class FakeWhatsAppSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Server _server;
    private readonly TimeProvider _clock;

    private FakeWhatsAppSite(WebApplication app, Server server, TimeProvider clock)
    {
        _app = app;
        _server = server;
        _clock = clock;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        Address = addresses.Addresses.Single() + "/";
    }

    /// <summary>Where the page is, for example "http://127.0.0.1:40123/".</summary>
    public string Address { get; }

    public Faults Faults => _server.Faults;

    /// <summary>What reached customers, in order, each id once.</summary>
    public IReadOnlyList<SentMessage> Sent => _server.Sent;

    /// <summary>Every attempt to send, including failed and repeated ones.</summary>
    public IReadOnlyList<SendAttempt> Attempts => _server.Attempts;

    /// <summary>How often a page asked the server whether it still answers.</summary>
    public int Pings => _server.Read(s => s.Pings);

    /// <summary>Messages that a page was asked to send more than once under the same id.</summary>
    public IReadOnlyList<SentMessage> Doubled => [.. _server.Sent.Where(s => s.Calls > 1)];

    /// <summary>Serves the page on loopback.</summary>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<FakeWhatsAppSite> StartAsync(int port = 0, TimeProvider? clock = null,
        CancellationToken cancel = default)
    {
        clock ??= TimeProvider.System;
        var server = new Server(clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        FakeWhatsAppSite? site = null;
        ControlEndpoints.Map(app, server, () => site!, clock);
        PageFiles.Map(app);
        await app.StartAsync(cancel);
        return site = new FakeWhatsAppSite(app, server, clock);
    }

    /// <summary>
    /// A customer writes. Returns the message's id when every open browser has stored it; while none is open, the
    /// message waits on the server.
    /// </summary>
    public Task<string> CustomerWritesAsync(string from, string name, string text, Delivery? how = null,
        CancellationToken cancel = default) =>
        CustomerWritesAsync(new CustomerMessage(from, name, text), how, cancel);

    /// <inheritdoc cref="CustomerWritesAsync(string, string, string, Delivery?, CancellationToken)"/>
    public async Task<string> CustomerWritesAsync(CustomerMessage message, Delivery? how = null,
        CancellationToken cancel = default)
    {
        var person = ChatIdOf(message.From);
        var chat = message.Into ?? person;
        _server.Meet(person, message.Name, null);
        if (message.Into is null && !_server.Knows(chat))
            await DoneAsync(_server.Spread(Notice(chat), Delivery.Normal), cancel);
        var author = message.Into is null ? null : person;
        var id = $"false_{chat}_{NewId()}{(author is null ? "" : "_" + author)}";
        var text = message.Type == "chat";
        var stored = new StoredMessage(id, chat, Server.Me, message.Type,
            (message.SentAt ?? _clock.GetUtcNow()).ToUnixTimeSeconds())
        {
            Author = author,
            NotifyName = message.Name,
            Body = text ? message.Text : null,
            Caption = text || message.Text.Length == 0 ? null : message.Text,
            IsForwarded = message.Forwarded ? true : null,
            QuotedStanzaID = message.Quotes?.StanzaId,
            QuotedMsg = message.Quotes is { } quotes
                ? new QuotedWords(quotes.Type, quotes.Type == "chat" ? quotes.Text : null,
                    quotes.Type == "product" ? quotes.Text : null)
                : null,
        };
        stored = _server.WithMedia(stored, message);
        if (how is not null && how != Delivery.Normal) Faults.Count(how.ToString());
        await DoneAsync(_server.Spread(stored, how ?? Delivery.Normal), cancel);
        return id;
    }

    /// <summary>The owner types on his phone; returns the message's id.</summary>
    public async Task<string> OwnerTypesAsync(string phoneOrChatId, string text, CancellationToken cancel = default)
    {
        var chat = ChatIdOf(phoneOrChatId);
        var id = $"true_{chat}_{NewId()}";
        var stored = new StoredMessage(id, Server.Me, chat, "chat",
            _clock.GetUtcNow().ToUnixTimeSeconds()) { Body = text, Ack = 2 };
        await DoneAsync(_server.Spread(stored, Delivery.Normal), cancel);
        return id;
    }

    /// <summary>The customer starts or stops typing, and the shop sees it.</summary>
    public Task CustomerTypesAsync(string phoneOrChatId, bool on, CancellationToken cancel = default) =>
        DoneAsync(_server.Tell("presence", () => new() { ["chat"] = ChatIdOf(phoneOrChatId), ["on"] = on }), cancel);

    /// <summary>A customer edits a message.</summary>
    public Task EditAsync(string messageId, string text, CancellationToken cancel = default)
    {
        _server.Amend(messageId, m => m with { Body = text });
        var chat = messageId.Split('_')[1];
        return DoneAsync(
            _server.Tell("edit",
                () => new() { ["id"] = messageId, ["body"] = text, ["editId"] = $"false_{chat}_{NewId()}" }), cancel);
    }

    /// <summary>A customer deletes a message for everyone.</summary>
    public Task RevokeAsync(string messageId, CancellationToken cancel = default)
    {
        _server.Amend(messageId, m => m with { Type = "revoked", Body = null, Caption = null });
        var chat = messageId.Split('_')[1];
        var time = _clock.GetUtcNow().ToUnixTimeSeconds();
        return DoneAsync(
            _server.Tell("revoke",
                () => new() { ["id"] = messageId, ["revokeId"] = $"false_{chat}_{NewId()}", ["t"] = time }), cancel);
    }

    public bool IsRevoked(string messageId) => _server.Find(messageId)?.Type == "revoked";

    /// <summary>WhatsApp discloses the phone of a LID.</summary>
    public void LearnPhone(string lid, string name, string phone) => _server.Meet(lid, name, phone);

    /// <summary>
    /// The shop's phone scans the code of a browser that shows one; returns when that browser shows the chats.
    /// </summary>
    public async Task LoginAsync(CancellationToken cancel = default)
    {
        var device = await _server.UntilAsync(s => s.Devices.FirstOrDefault(d => d.Connected && !d.ShowsChats), cancel);
        Link(device.Id);
        await _server.UntilAsync(_ => device is { Connected: true, ShowsChats: true, Waiting: 0 } ? device : null,
            cancel);
    }

    /// <summary>The page shows another code, as WhatsApp does every twenty seconds or so.</summary>
    public async Task RefreshCodeAsync(CancellationToken cancel = default)
    {
        var device = await _server.UntilAsync(
            s => s.Devices.FirstOrDefault(d => d is { Connected: true, ShowsChats: false }), cancel);
        await _server.Change(() => device.Queue("newCode")).Done.Task.WaitAsync(cancel);
    }

    /// <summary>
    /// Logs every linked browser out with one of WhatsApp's reasons ("user_initiated", "account_locked", …).
    /// </summary>
    public async Task LogoutAsync(string reason = "user_initiated", CancellationToken cancel = default)
    {
        foreach (var device in _server.Read(s => s.Devices.Where(d => d.Follows).ToList()))
            await LeaveAsync(device.Id, reason, cancel);
    }

    /// <summary>
    /// The next browser to be linked gets the history in another order, as happens when a phone hands it over.
    /// </summary>
    public void TurnHistoryRound() => _server.TurnHistoryRound();

    /// <summary>The page refuses the next sends before anything is stored.</summary>
    public Task RefuseSendsAsync(int count, CancellationToken cancel = default)
    {
        Faults.Count("refuse");
        return DoneAsync(_server.Tell("refuse", () => new() { ["count"] = count }), cancel);
    }

    /// <summary>Shows another of WhatsApp's stream modes: CONFLICT, TOS_BLOCK, DEPRECATED_VERSION, …</summary>
    public Task ShowModeAsync(string mode, CancellationToken cancel = default)
    {
        Faults.Count("mode " + mode);
        return DoneAsync(_server.Tell("mode", () => new() { ["mode"] = mode }), cancel);
    }

    /// <summary>The page silently stops receiving; a reload helps.</summary>
    public Task HangUpAsync(CancellationToken cancel = default)
    {
        Faults.Count("hang up");
        return DoneAsync(_server.Tell("hangUp", () => []), cancel);
    }

    /// <summary>Sets <see cref="Faults.Stalled"/> and wakes all waiting requests.</summary>
    public void Stall(bool stalled) => _server.Change(() =>
    {
        if (stalled) Faults.Count("stall");
        Faults.Stalled = stalled;
    });

    /// <summary>Waits until at least <paramref name="count"/> messages reached this customer; returns them.</summary>
    public Task<IReadOnlyList<SentMessage>> WaitForSentAsync(string phoneOrChatId, int count,
        CancellationToken cancel = default)
    {
        var chat = ChatIdOf(phoneOrChatId);
        return _server.UntilAsync(
            s => s.Sent.Where(m => m.ChatId == chat).ToList() is { } m && m.Count >= count
                ? (IReadOnlyList<SentMessage>)m
                : null, cancel);
    }

    /// <summary>Waits until this customer has seen the shop typing.</summary>
    public Task WaitForTypingAsync(string phoneOrChatId, CancellationToken cancel = default) =>
        _server.UntilAsync(s => s.HasTyped(ChatIdOf(phoneOrChatId)) ? s : null, cancel);

    /// <summary>Waits until no browser has the page open.</summary>
    public Task WaitForNoBrowserAsync(CancellationToken cancel = default) =>
        _server.UntilAsync(s => s.Devices.Any(d => d.Connected) ? null : s, cancel);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>The phone scans the code of this browser, or of every browser that shows one.</summary>
    internal void Link(string? deviceId) => _server.Change(() =>
    {
        foreach (var device in _server.Devices.Where(
            d => string.IsNullOrEmpty(deviceId) ? d is { Connected: true, ShowsChats: false } : d.Id == deviceId))
            device.Queue("link");
    });

    internal async Task LeaveAsync(string deviceId, string reason, CancellationToken cancel)
    {
        Faults.Count("logout " + reason);
        var device = _server.Read(s => s.Devices.Single(d => d.Id == deviceId));
        var envelope = _server.Change(() => device.Queue("logout", new() { ["reason"] = reason }));
        if (device.Connected) await envelope.Done.Task.WaitAsync(cancel);
        _server.Unlink(device);
    }

    internal static string NewId() => "3A" + Convert.ToHexString(RandomNumberGenerator.GetBytes(9));

    private static string ChatIdOf(string phoneOrChatId) =>
        phoneOrChatId.Contains('@') ? phoneOrChatId : phoneOrChatId + "@c.us";

    // WhatsApp puts this notice at the top of every new chat; it is a row in the store like any message.
    private StoredMessage Notice(string chat) =>
        new($"false_{chat}_{NewId()}", chat, Server.Me, "e2e_notification", _clock.GetUtcNow().ToUnixTimeSeconds());

    private static Task DoneAsync(IEnumerable<Envelope> envelopes, CancellationToken cancel) =>
        Task.WhenAll(envelopes.Select(e => e.Done.Task)).WaitAsync(TimeSpan.FromSeconds(30), cancel);
}
