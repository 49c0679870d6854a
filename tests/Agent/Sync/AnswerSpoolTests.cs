using System.Text;
using Sak.Agent.Sync;
using Sak.Sync.Replica;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Sync;

/// <summary>
/// Received bytes, in portions of any size, are passed on as whole lines, piece by piece, from memory or a file.
/// </summary>
public sealed class AnswerSpoolTests : IDisposable
{
    private const int Block = 64 * 1024;
    private readonly Folder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_answer_comes_out_line_by_line_as_it_went_in(int seed)
    {
        var random = new Random(seed);
        int[] lengths = [0, 1, 40, 300, Block - 2, Block - 1, Block, Block + 1, 3 * Block];
        var pieces = Enumerable.Range(0, 6)
            .Select(p => Enumerable.Range(0, random.Next(1, 40))
                .Select(_ => new string((char)('a' + p), lengths[random.Next(lengths.Length)]))
            .Append(p == 5 ? "{\"mark\":1}" : "{\"page\":1}").ToList()).ToList();

        using var spool = new AnswerSpool(new Portions(Bytes(pieces.SelectMany(p => p)), random), _folder.Path);
        var next = spool.NextAsync(Cancel);
        foreach (var piece in pieces)
        {
            var came = (await next)!;
            next = spool.NextAsync(Cancel);
            Assert.Equal(piece, Lines(came));
            Assert.Equal(piece == pieces[^1], came.IsLast);
        }

        Assert.Null(await next);
    }

    [Fact]
    public async Task A_piece_of_many_megabytes_waits_in_a_file_that_goes_with_it()
    {
        List<string> lines = [.. Enumerable.Range(0, 9_000)
            .Select(i => $"[{i},\"{new string('x', 1_000 + (i % 7))}\"]"), "{\"mark\":1}"];
        using (var spool = new AnswerSpool(new Portions(Bytes(lines), new Random(1)), _folder.Path))
        {
            var piece = (await spool.NextAsync(Cancel))!;
            Assert.Single(Directory.GetFiles(_folder.Path));
            Assert.Equal(lines, Lines(piece));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("[1]\n[2]\n")]
    [InlineData("[1]\n[2")]
    [InlineData("{\"page\":1}\n[1]\n")]
    public async Task An_answer_that_is_cut_before_its_mark_is_told_as_cut(string answer)
    {
        using var spool = new AnswerSpool(new MemoryStream(Encoding.UTF8.GetBytes(answer)), _folder.Path);
        var pages = 0;

        var error = await Assert.ThrowsAsync<CloudUnavailableException>(async () =>
        {
            while (await spool.NextAsync(Cancel) is not null) pages++;
        });

        Assert.Contains("cut off", error.Message);
        Assert.Equal(answer.StartsWith('{') ? 1 : 0, pages);
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Bytes(IEnumerable<string> lines) =>
        Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));

    private static List<string> Lines(AnswerPage piece)
    {
        var lines = new List<string>();
        piece.Begin();
        while (piece.TryRead(out var line)) lines.Add(Encoding.UTF8.GetString(line));
        return lines;
    }

    /// <summary>A stream that returns a few bytes at a time, or many.</summary>
    private sealed class Portions(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
        {
            int[] most = [1, 700, 16_000, 200_000];
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, most[random.Next(most.Length)])], cancel);
        }
    }
}
