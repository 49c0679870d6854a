using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Sak.Sync.Model;
using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Agent.Sync;

/// <summary>The server over HTTP. A failure becomes one of two exceptions: try later, or someone must act.</summary>
/// <param name="patience">How long an exchange may be silent: before its answer begins, and between two
/// lines of it.</param>
public sealed class CloudClient(HttpClient http, TimeSpan patience) : ICloud
{
    private static readonly TimeSpan LongestWatch = TimeSpan.FromSeconds(60);

    /// <summary>Builds the HttpClient for an address and a device key.</summary>
    public static HttpClient Connect(Uri address, string key) => new(new SocketsHttpHandler
    {
        AutomaticDecompression = DecompressionMethods.Brotli,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    })
    {
        BaseAddress = address,
        // Each call has its own deadline; see the callers.
        Timeout = Timeout.InfiniteTimeSpan,
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
    };

    public Task<Reply> ProcessMessageAsync(ProcessMessageRequest request, CancellationToken cancel) =>
        CallAsync(
            async () =>
            {
                using var response = await http.PostAsJsonAsync("api/process-message", request,
                    JsonSerializerOptions.Web, cancel);
                await CheckAsync(response, cancel);
                var reply = await response.Content.ReadFromJsonAsync<Reply>(JsonSerializerOptions.Web, cancel);
                return IsSound(reply)
                    ? reply!
                    : throw new CloudUnavailableException("The cloud's reply was not of the agreed form.");
            },
            cancel);

    public async Task<Stream?> ExchangeAsync(SyncHead head, Batch? batch, CancellationToken cancel)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            deadline.CancelAfter(patience);
            using var request = Request(head, batch);
            var response = await CallAsync(
                async () =>
                {
                    var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
                        deadline.Token);
                    await CheckAsync(answer, deadline.Token);
                    return answer;
                },
                cancel);
            if (response.StatusCode != HttpStatusCode.NoContent)
            {
                var lines = new CloudAnswer(response, await response.Content.ReadAsStreamAsync(deadline.Token),
                    deadline, patience, cancel);
                deadline = null;
                return lines;
            }

            response.Dispose();
            return null;
        }
        finally
        {
            deadline?.Dispose();
        }
    }

    /// <summary>
    /// Asks that this PC answers the shop's number. An older server without this endpoint leaves it to this PC.
    /// </summary>
    public Task<LeaseAnswer> HoldNumberAsync(LeaseRequest request, CancellationToken cancel) =>
        CallAsync(
            async () =>
            {
                using var response = await http.PostAsJsonAsync("api/number", request, JsonSerializerOptions.Web,
                    cancel);
                if (response.StatusCode == HttpStatusCode.NotFound) return new LeaseAnswer(true, request.Device, 60);
                await CheckAsync(response, cancel);
                return await response.Content.ReadFromJsonAsync<LeaseAnswer>(JsonSerializerOptions.Web, cancel)
                    ?? throw new JsonException("The answer is empty.");
            },
            cancel);

    /// <summary>
    /// Waits until the cloud's version differs from <paramref name="since"/>. False when it did not change for some
    /// seconds, or the cloud can't be asked.
    /// </summary>
    public async Task<bool> WatchAsync(long since, CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(LongestWatch);
        try
        {
            using var response = await http.GetAsync($"api/sync/watch?v={since}", deadline.Token);
            return response.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception error) when (error is HttpRequestException or IOException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return false;
        }
    }

    // Without changes to push it is a GET without a body: it is sent every few seconds, and mostly nothing is new.
    private static HttpRequestMessage Request(SyncHead head, Batch? batch)
    {
        if (batch is not null || head.Sums is not null)
            return new HttpRequestMessage(HttpMethod.Post, "api/sync") { Content = new SyncBody(head, batch) };
        var check = head.Check ? "&c=1" : "";
        var page = head.Page is { } at ? $"&page={at.ToText()}" : "";
        var totals = head.Totals ? "&n=1" : "";
        return new HttpRequestMessage(HttpMethod.Get,
            $"api/sync?p={head.Protocol}&s={head.Schema}&r={head.Replica:N}&v={head.Since}{check}{page}{totals}");
    }

    private static bool IsSound(Reply? reply) =>
        reply is { Text.Length: <= Protocol.MaxReplyText, Intents.Count: <= Protocol.MaxIntents }
        && reply is { Language: not null, By: not null }
        && reply.Intents.All(i => i is not null);

    internal static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        try
        {
            return await call();
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new CloudUnavailableException("The cloud did not answer in time.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException
            or JsonException or NotSupportedException)
        {
            throw new CloudUnavailableException(
                $"The cloud can't be reached or broke off ({error.Message.TrimEnd('.')}).", error);
        }
    }

    private static async Task CheckAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode) return;
        var status = response.StatusCode;
        var problem = await ProblemAsync(response, cancel);
        response.Dispose();
        if ((int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
            throw new CloudUnavailableException($"The cloud answered {(int)status}.");
        throw new CloudRefusedException(
            problem.Type ?? ((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture),
            problem.Detail ?? Explain(status));
    }

    private static string Explain(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            "The cloud does not accept this PC's key. Ask the operator for a new one and set Cloud:Key.",
        HttpStatusCode.NotFound => "There is no SAK server at this address. Check Cloud:Address.",
        _ => $"The cloud refused the request ({(int)status}).",
    };

    private static async Task<(string? Type, string? Detail)> ProblemAsync(HttpResponseMessage response,
        CancellationToken cancel)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancel),
                cancellationToken: cancel);
            return (Text(json, "type"), Text(json, "detail"));
        }
        catch (JsonException)
        {
            return (null, null); // A proxy's page, not ours: the status says enough.
        }
    }

    private static string? Text(JsonDocument json, string name) =>
        json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The body of a push, compressed as it is written; it is never whole in memory.</summary>
    private sealed class SyncBody : HttpContent
    {
        private readonly SyncHead _head;
        private readonly Batch? _batch;

        public SyncBody(SyncHead head, Batch? batch)
        {
            (_head, _batch) = (head, batch);
            Headers.ContentType = new MediaTypeHeaderValue(Protocol.ContentType);
            Headers.ContentEncoding.Add("br");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context,
            CancellationToken cancel)
        {
            await using var brotli = new BrotliStream(stream, CompressionLevel.Fastest, leaveOpen: true);
            await SyncWire.WriteRequestAsync(brotli, _head, _batch, cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
