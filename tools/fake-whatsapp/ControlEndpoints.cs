using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using QRCoder;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>The connection between the page and the site: server-sent events down, POST requests up.</summary>
internal static class ControlEndpoints
{
    private sealed record Done(string Device, IReadOnlyList<long> Numbers);

    private sealed record Send(string Device, string Id, string To, string Type, long T, string? Body, string? Caption,
        bool Again);

    private sealed record MessageRequest(string From, string Name, string Text);

    private sealed record Typed(string Chat, string Text);

    private sealed record TypingRequest(string Chat);

    private sealed record Ping(string Device, string Id);

    /// <param name="Device">Empty or absent: every browser that shows a code.</param>
    private sealed record Linking(string? Device, string? Reason);

    public static void Map(WebApplication app, Server server, Func<FakeWhatsAppSite> site, TimeProvider clock)
    {
        var control = app.MapGroup("/control");
        control.MapGet("/settings", () =>
            Results.Json(new { hidden = server.Faults.HiddenModules, unrecognisable = server.Faults.Unrecognisable },
                Server.Json));
        control.MapGet("/people",
            () => Results.Json(server.People.Select(p => new { id = p.Id, name = p.Name }), Server.Json));
        control.MapGet("/sent", () => Results.Json(server.Sent, Server.Json));
        control.MapGet("/qr", (string code) => Results.Text(Draw(code), "image/svg+xml"));
        control.MapGet("/media",
            (string id) => server.FileOf(id) is { } file ? Results.Bytes(file.Content, file.Mime) : Results.NotFound());
        control.MapGet("/events", (string device, bool linked, HttpContext http) =>
            StreamAsync(http, server, device, linked, app.Lifetime.ApplicationStopping));
        control.MapPost("/done", (Done done) => Settle(server, done));
        control.MapPost("/send", (Send send, CancellationToken cancel) => SendAsync(server, send, clock, cancel));
        control.MapPost("/ping", (Ping ping) => Quietly(() => server.Answer(ping.Device, ping.Id)));
        control.MapPost("/typing", (TypingRequest typing) => Quietly(() => server.Typing(typing.Chat)));
        control.MapPost("/link", (Linking who) => Quietly(() => site().Link(who.Device)));
        control.MapPost("/leave", async (Linking who, CancellationToken cancel) =>
        {
            await site().LeaveAsync(who.Device ?? "", who.Reason ?? "user_initiated", cancel);
            return Results.NoContent();
        });
        control.MapPost("/customer", (MessageRequest w, CancellationToken cancel) => WriteAsync(site(), w, cancel));
        control.MapPost("/owner", async (Typed t, CancellationToken cancel) =>
            Results.Json(new { id = await site().OwnerTypesAsync(t.Chat, t.Text, cancel) }, Server.Json));
    }

    private static IResult Quietly(Action act)
    {
        act();
        return Results.NoContent();
    }

    private static async Task<IResult> WriteAsync(FakeWhatsAppSite site, MessageRequest written,
        CancellationToken cancel) =>
        written.From.Length == 0 || written.From.StartsWith('@')
            ? Results.BadRequest("A customer needs a phone number.")
            : Results.Json(
                new { id = await site.CustomerWritesAsync(written.From, written.Name, written.Text, null, cancel) },
                Server.Json);

    private static IResult Settle(Server server, Done done) => Quietly(() => server.Change(() =>
        server.Devices.SingleOrDefault(d => d.Id == done.Device)?.Settle(done.Numbers)));

    // Server-sent events. Queued items are written again on every connection until the page acknowledges them.
    private static async Task StreamAsync(HttpContext http, Server server, string id, bool linked,
        CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var connection = new object();
        var device = server.Connect(id, linked, connection);
        try
        {
            await http.Response.WriteAsync(": open\n\n", ended.Token);
            long written = 0;
            var drained = false;
            while (device.Connection == connection)
            {
                var next = server.Changed;
                foreach (var envelope in server.Read(s => s.Faults.Stalled ? [] : device.After(written)))
                {
                    await http.Response.WriteAsync($"data: {envelope.Content.ToJsonString()}\n\n", ended.Token);
                    written = envelope.Number;
                }

                if (!drained && linked)
                    await http.Response.WriteAsync("data: {\"op\":\"drained\",\"n\":0}\n\n", ended.Token);
                drained = true;
                await http.Response.Body.FlushAsync(ended.Token);
                await next.WaitAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The page is closed or the site stops.
        }
        finally
        {
            server.Disconnect(device, connection);
        }
    }

    private static async Task<IResult> SendAsync(Server server, Send send, TimeProvider clock, CancellationToken cancel)
    {
        await server.UntilAsync(s => s.Faults.Stalled ? null : s, cancel);
        var faults = server.Faults;
        // A message that the server already has is not refused when the page repeats it.
        var outcome = !server.Holds(send.Id) && faults.Use("failed send", faults.FailSends, n => faults.FailSends = n)
            ? "ERROR_UNKNOWN"
            : "OK";
        var text = send.Body ?? send.Caption ?? "";
        server.Attempted(new SendAttempt(send.Id, send.To, text, clock.GetUtcNow(), send.Again, outcome), send.Type);
        if (outcome == "OK")
        {
            var own = new StoredMessage(send.Id, Server.Me, send.To, send.Type, send.T)
            {
                Body = send.Body,
                Caption = send.Caption,
                Ack = 2,
            };
            if (!server.Holds(send.Id)) server.Spread(own, Delivery.Normal, except: send.Device);
            if (faults.Use("lost ack", faults.LoseAcks, n => faults.LoseAcks = n))
                await Task.Delay(Timeout.Infinite, cancel);
            if (faults.AckDelay > TimeSpan.Zero) await Task.Delay(faults.AckDelay, clock, cancel);
            if (!faults.LoseReceipts) Receipts(server, send);
        }

        return Results.Json(new { result = outcome, t = clock.GetUtcNow().ToUnixTimeSeconds() }, Server.Json);
    }

    private static void Receipts(Server server, Send send) => server.Change(() =>
    {
        var device = server.Devices.SingleOrDefault(d => d.Id == send.Device);
        foreach (var ack in new[] { 2, 3 })
            device?.Queue("receipt", new JsonObject { ["id"] = send.Id, ["ack"] = ack });
    });

    private static string Draw(string code)
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        return new SvgQRCode(data).GetGraphic(4);
    }
}
