using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Sak.Agent.Commands;
using Sak.Agent.WhatsApp;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Commands;

/// <summary>wa-js is replaced without a new SAK: fetched, checked, kept by version.</summary>
public sealed class BridgeVersionsTests : IDisposable
{
    private readonly Folder _folder = new();
    private readonly BridgeVersions _versions;

    public BridgeVersionsTests() => _versions = new BridgeVersions(_folder.Path);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_version_that_was_added_and_taken_is_the_one_that_is_found()
    {
        await _versions.AddAsync("4.7.0", new MemoryStream("new"u8.ToArray()), Cancel);
        await _versions.AddAsync("4.6.0", new MemoryStream("old"u8.ToArray()), Cancel);
        _versions.Use("4.7.0");

        Assert.Equal(["4.6.0", "4.7.0"], _versions.All);
        Assert.Equal("new", await File.ReadAllTextAsync(BridgeBundle.Find(null, _folder.Path), Cancel));
        _versions.Use("4.6.0");
        Assert.Equal("old", await File.ReadAllTextAsync(BridgeBundle.Find(null, _folder.Path), Cancel));
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("4..6")]
    [InlineData("current")]
    [InlineData("")]
    public void What_is_no_version_is_refused(string version) =>
    Assert.Throws<WhatsAppException>(() => _versions.PathOf(version));

    [Fact]
    public void A_version_that_is_not_here_is_not_taken() =>
    Assert.Throws<WhatsAppException>(() => _versions.Use("9.9.9"));

    [Fact]
    public async Task What_the_registry_hands_over_is_checked_against_its_own_digest()
    {
        var tarball = Tarball("WPP = 1;");
        using var good = new HttpClient(new Registry(tarball, Digest(tarball)));
        using var bad = new HttpClient(new Registry(tarball, Digest([1])));
        var registry = new Uri("https://registry.example/");

        await Assert.ThrowsAsync<CommandException>(
            () => BridgeCommand.FetchAsync(bad, registry, "latest", _versions, Cancel));
        Assert.Empty(_versions.All);

        Assert.Equal("4.8.1", await BridgeCommand.FetchAsync(good, registry, "latest", _versions, Cancel));
        Assert.Equal("WPP = 1;", await File.ReadAllTextAsync(_versions.PathOf("4.8.1"), Cancel));
    }

    [Fact]
    public async Task A_registry_that_is_not_on_the_web_is_told_in_a_sentence()
    {
        using var http = new HttpClient();

        var error = await Assert.ThrowsAsync<CommandException>(
            () => BridgeCommand.FetchAsync(http, new Uri("file:///nowhere/"), "latest", _versions, Cancel));

        Assert.Contains("could not be fetched", error.Message);
    }

    [Fact]
    public void The_login_code_is_a_picture_on_request() =>
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], PairCommand.Picture("2@abc,def,ghi,jkl")[..4]);

    public void Dispose() => _folder.Dispose();

    private static string Digest(byte[] content) => $"sha512-{Convert.ToBase64String(SHA512.HashData(content))}";

    private static byte[] Tarball(string bundle)
    {
        var packed = new MemoryStream();
        using (var writer = new TarWriter(new GZipStream(packed, CompressionMode.Compress)))
        {
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile,
                    "package/package.json") { DataStream = new MemoryStream("{}"u8.ToArray()) });
            writer.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile,
                    "package/dist/wppconnect-wa.js") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(bundle)) });
        }

        return packed.ToArray();
    }

    private sealed class Registry(byte[] tarball, string digest) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
            Task.FromResult(
            new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = request.RequestUri!.AbsolutePath.EndsWith(".tgz", StringComparison.Ordinal)
                    ? new ByteArrayContent(tarball)
                    : new StringContent(
                        $$$"""
                        {
                          "version": "4.8.1",
                          "dist": { "tarball": "https://registry.example/wa-js.tgz", "integrity": "{{{digest}}}" }
                        }
                        """),
            });
    }
}
