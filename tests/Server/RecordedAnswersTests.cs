using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sak.Tests.Contracts;
using Sak.Tests.Support;
using Sak.Tools;

namespace Sak.Tests.Server;

/// <summary>
/// Sends the requests of tests/Data/answers/answers.txt to a server and compares each answer with the recorded one, to
/// the last byte: what agents and other programs get does not change by accident.
/// </summary>
public sealed partial class RecordedAnswersTests
{
    private const string Renew = "SAK_WRITE_ANSWERS";
    private static readonly string Kept = Path.Combine(House.Root, "tests", "Data", "answers", "answers.txt");
    private static readonly string[] Roles = ["owner", "accountant", "operator"];
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly Dictionary<string, HttpClient> _clients = [];
    private readonly Dictionary<string, string> _ids = [];

    [Fact]
    public async Task The_server_answers_each_recorded_request_with_the_same_bytes()
    {
        var kept = (await File.ReadAllTextAsync(Kept)).ReplaceLineEndings("\n");
        await using var server = await TestServer.StartAsync(Engine.Sqlite,
            replace: s => s.AddSingleton<TimeProvider>(_clock));
        var (key, device) = await server.AddShopAsync();
        _clients["device"] = device;
        _clients["nobody"] = server.Client(null);
        foreach (var role in Roles) _clients[role] = await server.AddKeyAsync(key.Shop, role);

        var answers = new StringBuilder();
        foreach (var block in RecordedRequest.ReadAll(kept))
            answers.Append(block.Text).Append(await AnswerAsync(server, block)).Append('\n');

        if (Environment.GetEnvironmentVariable(Renew) == "1") await File.WriteAllTextAsync(Kept, $"{answers}");
        Assert.True(kept == $"{answers}", Difference(kept, $"{answers}"));
    }

    private async Task<string> AnswerAsync(TestServer server, RecordedRequest asked)
    {
        switch (asked.Who)
        {
            case "clock":
                _clock.Advance(TimeSpan.FromSeconds(int.Parse(asked.Address)));
                return "";
            case "sql":
                await using (var db = server.Database()) await db.Database.ExecuteSqlRawAsync(asked.Address);
                return "";
            default:
                var sent = asked.SendAsync(_clients[asked.Who]);
                // One that waits gets its time.
                while (asked.Waits && await Task.WhenAny(sent, Task.Delay(20)) != sent)
                    _clock.Advance(TimeSpan.FromSeconds(1));
                using (var answer = await sent) return Stable(await WriteAsync(answer));
        }
    }

    private static async Task<string> WriteAsync(HttpResponseMessage answer)
    {
        var text = new StringBuilder($"< {(int)answer.StatusCode}\n");
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers)
            .Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal))
            text.Append($"< {name}: {string.Join(", ", values)}\n");
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (body.Length == 0) return $"{text}";
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n'))
            text.Append("  ").Append(line.Replace("\r", "<CR>").Replace("\ufeff", "<BOM>")).Append('\n');
        return $"{text}";
    }

    // Ids that the server makes get numbers in the order in which they are first seen, as long as an id.
    private string Stable(string text) =>
        Trace().Replace(Id().Replace(text, found =>
            found.Value.StartsWith("0000", StringComparison.Ordinal) ? found.Value
            : _ids.TryGetValue(found.Value, out var known) ? known
            : _ids[found.Value] = $"<id {_ids.Count + 1}>".PadRight(36, '_')), "<trace>");

    private static string Difference(string kept, string now)
    {
        var (old, found) = (kept.Split('\n'), now.Split('\n'));
        var at = old.Zip(found).TakeWhile(l => l.First == l.Second).Count();
        return $"Line {at + 1} of {Kept} differs:\n- {old.ElementAtOrDefault(at)}\n+ {found.ElementAtOrDefault(at)}\n"
            + $"If that is meant, run this test with {Renew}=1 and say in the commit why.";
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-9a-f]")]
    private static partial Regex Trace();
}
