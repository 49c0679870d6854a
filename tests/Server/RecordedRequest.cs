using System.Text;

namespace Sak.Tests.Server;

/// <summary>One request of a file of recorded answers.</summary>
/// <param name="Text">Its lines of the file, without the answer.</param>
/// <param name="Who">A role, "nobody" for no key, or "clock" and "sql" for what happens between requests.</param>
internal sealed record RecordedRequest(string Text, string Who, string Method, string Address,
    IReadOnlyList<string> Headers, byte[]? Body)
{
    public bool Waits => Address.Contains("/watch?", StringComparison.Ordinal);

    /// <summary>
    /// "### ROLE METHOD ADDRESS", then lines with "&gt;" for a header, "|" for a line of the body, "*" for a body of so
    /// many equal letters; answers begin with "&lt;" or a space and are not read.
    /// </summary>
    public static IEnumerable<RecordedRequest> ReadAll(string file) =>
        file.Split("\n### ").Select((block, i) => Read(i == 0 ? block : "### " + block));

    public async Task<HttpResponseMessage> SendAsync(HttpClient client)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), Address);
        if (Body is not null) request.Content = new ByteArrayContent(Body);
        foreach (var header in Headers)
        {
            var (name, value) = (header.Split(": ")[0], header[(header.IndexOf(':') + 2)..]);
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request);
    }

    private static RecordedRequest Read(string block)
    {
        var lines = block.Split('\n').TakeWhile(l => l.Length > 0 && l[0] is not ('<' or ' ')).ToList();
        var first = lines[0].Split(' ', 4);
        var isRequest = first[1] is not ("clock" or "sql");
        return new RecordedRequest(
            string.Join('\n', lines) + "\n", first[1], isRequest ? first[2] : "",
            isRequest ? first[3] : string.Join(' ', first[2..]),
            [.. lines.Where(l => l[0] == '>').Select(l => l[2..])], BodyOf(lines));
    }

    private static byte[]? BodyOf(List<string> lines)
    {
        if (lines.FirstOrDefault(l => l[0] == '*') is { } many)
            return Encoding.UTF8.GetBytes(new string(many.Split(' ')[2][0], int.Parse(many.Split(' ')[1])));
        var text = lines.Where(l => l[0] == '|').Select(l => l[1..]).ToList();
        return text.Count == 0 && !lines.Any(l => l.StartsWith("> Content-", StringComparison.Ordinal))
            ? null
            : Encoding.UTF8.GetBytes(string.Join('\n', text));
    }
}
