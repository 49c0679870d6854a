using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sak.Server.Api;
using Sak.Sync.Replica;
using Sak.Sync.Wire;
using Sak.Tests.Support;

namespace Sak.Tests.Contracts;

/// <summary>One shop's share of the server.</summary>
public abstract partial class SyncContract
{
    [Fact]
    public async Task Slow_lines_of_one_shop_hold_eight_connections_at_most_and_no_other_shop_waits_for_them()
    {
        var (key, _) = await AddLargeShopAsync();
        using var readers = new SlowReaders(_server.Address, key);
        await readers.AskAsync(ShopShare.AtOnce * 3);
        await Eventually.IsTrueAsync(() => readers.Answered == ShopShare.AtOnce, "the first eight are answered");

        for (var i = 0; i < 20; i++)
            Assert.Empty((await _a.PushAsync(_a.Product(TestReplica.NewId(), $"B-{i}"))).Batch.Refusals);
        await _b.PullAsync();
        SameRows(_a, _b);
        Assert.Equal(ShopShare.AtOnce, readers.Answered);

        // A caller that gives up lets the next one in.
        readers.HangUpAnswered();
        await Eventually.IsTrueAsync(() => readers.Answered == ShopShare.AtOnce * 2, "the next eight are answered");
    }

    [Fact]
    public async Task Requests_of_one_shop_beyond_its_queue_are_told_to_come_again_and_the_others_are_answered()
    {
        var (key, version) = await AddLargeShopAsync();
        using var client = _server.Client(key);
        var readers = new SlowReaders(_server.Address, key);
        await readers.AskAsync(ShopShare.AtOnce);
        await Eventually.IsTrueAsync(() => readers.Answered == ShopShare.AtOnce,
            "all connections of the shop are held");

        var asked = Enumerable.Range(0, ShopShare.InLine + 20)
            .Select(_ => new TestReplica(client) { Since = version }.PullAsync()).ToList();
        await Eventually.IsTrueAsync(() => asked.Count(a => a.IsCompleted) == 20, "twenty find no place in line");
        foreach (var refused in asked.Where(a => a.IsCompleted))
            Assert.Equal(HttpStatusCode.TooManyRequests, (await refused).Status);
        readers.Dispose();
        Assert.Equal(ShopShare.InLine, (await Task.WhenAll(asked)).Count(a => a.Status == HttpStatusCode.NoContent));
    }

    // More rows than socket buffers hold, so that an answer is not complete before it is read.
    private async Task<(string Key, long Version)> AddLargeShopAsync()
    {
        var (key, client) = await _server.AddShopAsync("Large");
        var filler = new TestReplica(client);
        var words = new string('a', 2_000);
        foreach (var part in Enumerable.Range(0, 5))
            Assert.Empty((await filler.PushAsync(Enumerable.Range(0, 1_000).Select(i => filler.Insert(
                Tables.Products, TestReplica.NewId(), ("sku", $"P-{part}-{i}"), ("name", "Product"),
                ("aliases", words), ("unit", "pcs"), ("price", 235), ("currency", "INR"), ("active", 1)))))
                .Batch.Refusals);
        return (key.Key, filler.Since);
    }

    /// <summary>
    /// Connections that read some kilobytes a second, so that the server does not consider them dead.
    /// </summary>
    private sealed class SlowReaders(Uri server, string key) : IDisposable
    {
        private readonly List<Socket> _sockets = [];
        private readonly ConcurrentDictionary<Socket, bool> _answered = [];
        private readonly CancellationTokenSource _end = new();

        public int Answered => _answered.Count;

        public async Task AskAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                _sockets.Add(socket);
                await socket.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
                var ask =
                    $"GET /api/sync?p={Protocol.Version}&s={Tables.SchemaVersion}&r={TestReplica.NewId()}&v=0 "
                        + $"HTTP/1.1\r\nHost: {server.Authority}\r\nAuthorization: Bearer {key}\r\n\r\n";
                await socket.SendAsync(Encoding.ASCII.GetBytes(ask), TestContext.Current.CancellationToken);
                _ = ReadAsync(socket);
            }
        }

        public void HangUpAnswered()
        {
            foreach (var socket in _answered.Keys) socket.Dispose();
        }

        public void Dispose()
        {
            _end.Cancel();
            foreach (var socket in _sockets) socket.Dispose();
        }

        private async Task ReadAsync(Socket socket)
        {
            var buffer = new byte[1024];
            try
            {
                while (await socket.ReceiveAsync(buffer, _end.Token) > 0)
                {
                    _answered[socket] = true;
                    await Task.Delay(50, _end.Token);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or SocketException
                or ObjectDisposedException)
            {
                // The test closed the connection.
            }
        }
    }
}
