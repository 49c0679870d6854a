using Sak.Sync.Replica;
using Sak.Sync.Wire;

namespace Sak.Tests.Support;

/// <summary>An answer of the cloud, made by hand.</summary>
public static class AnswerBody
{
    /// <summary>The lines as the server writes them, to be read from the beginning.</summary>
    public static async Task<MemoryStream> OfAsync(params IEnumerable<AnswerLine> lines)
    {
        var body = new MemoryStream();
        using (var writer = new AnswerWriter(body))
        {
            foreach (var line in lines) await writer.WriteAsync(line, TestContext.Current.CancellationToken);
            await writer.FlushAsync(TestContext.Current.CancellationToken);
        }

        body.Position = 0;
        return body;
    }
}
