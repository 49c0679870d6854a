using Microsoft.Extensions.Configuration;
using Sak.Agent.Settings;
using Sak.Server.Data;
using Sak.Server.Settings;
using Sak.Tools;

namespace Sak.Tests.Tidy;

/// <summary>
/// Everything that a user can reach, read from the running parts and compared with Features.txt. The list has names
/// that users know and none of the code's, so it stays the same when classes are renamed or moved.
/// </summary>
public sealed class FeaturesTests
{
    private const string Renew = "SAK_WRITE_FEATURES";
    private static readonly string Kept = Path.Combine(House.Root, "tests", "Tidy", "Features.txt");

    [Fact]
    public async Task What_users_can_reach_is_what_the_list_of_features_says()
    {
        var today = await ListAsync();
        if (Environment.GetEnvironmentVariable(Renew) == "1") await File.WriteAllTextAsync(Kept, Text(today));
        var kept = (await File.ReadAllTextAsync(Kept)).ReplaceLineEndings("\n");

        Assert.True(kept == Text(today), Difference(Lines(kept), Lines(Text(today))));
    }

    [Fact]
    public void A_difference_names_what_is_missing_and_what_is_additional_and_how_to_renew_the_list()
    {
        var text = Difference(["Keys: q", "Keys: w"], ["Keys: q", "Keys: z"]);

        Assert.Contains("- Keys: w", text);
        Assert.Contains("+ Keys: z", text);
        Assert.DoesNotContain("Keys: q", text);
        Assert.Contains($"{Renew}=1", text);
    }

    private static async Task<IReadOnlyList<(string Heading, IEnumerable<string> Lines)>> ListAsync() =>
    [
        ("Commands of sak-agent", CommandFeatures.Of("sak-agent", Sak.Agent.Program.Root())),
        ("Commands of sak-server", CommandFeatures.Of("sak-server", Sak.Server.Commands.CommandLine.Root([]))),
        ("Commands of the tools", CommandFeatures.Of("tools", Sak.Tools.Program.Root())),
        ("Settings of sak-agent", AgentSettings.Defaults().Select(s => Setting(s.Key, s.Value))),
        ("Settings of sak-server", ServerDefaults().Select(s => Setting(s.Key, s.Value))),
        ("Addresses of sak-server", await EndpointFeatures.OfServerAsync()),
        ("Keys of the dashboard", DashboardFeatures.Keys()),
        ("Keys of the dashboard's terminal", await DashboardFeatures.TerminalKeysAsync()),
    ];

    private static string Setting(string key, string value) => value.Length == 0 ? $"{key} =" : $"{key} = {value}";

    // The keys are those that the server reads; the values are those in use when nothing is set.
    private static IEnumerable<(string Key, string Value)> ServerDefaults()
    {
        var asked = new AskedKeys();
        var settings = ServerSettings.Read(asked, OpenDatabase.CanRead);
        var model = settings.Model;
        var values = new Dictionary<string, string>
        {
            ["Server:Address"] = settings.Address,
            ["Server:DataFolder"] = settings.DataFolder,
            ["Database:Engine"] = $"{settings.Engine}".ToLowerInvariant(),
            ["Database:Connection"] = settings.Connection.Replace('\\', '/'),
            ["Model:Provider"] = $"{model.Provider}".ToLowerInvariant(),
            ["Model:Endpoint"] = model.Endpoint,
            ["Model:Key"] = model.Key,
            ["Model:Name"] = model.Name,
            ["Model:Seconds"] = $"{model.Seconds}",
            ["Model:MaxToolRounds"] = $"{model.MaxToolRounds}",
            ["Model:MaxOutputTokens"] = $"{model.MaxOutputTokens}",
            ["Model:TokensPerDay"] = $"{model.TokensPerDay}",
            ["Model:StrictJson"] = $"{model.StrictJson}".ToLowerInvariant(),
        };
        return asked.Keys.Select(key => (key, values.GetValueOrDefault(key, "(add its default to FeaturesTests.cs)")));
    }

    private static string Text(IReadOnlyList<(string Heading, IEnumerable<string> Lines)> groups) => string.Join(
        '\n', groups.Select(g => $"# {g.Heading}\n{string.Join('\n', g.Lines.Order(StringComparer.Ordinal))}\n"));

    // Each line with its heading, because the same words can be in two groups.
    private static List<string> Lines(string text)
    {
        var (heading, lines) = ("", new List<string>());
        foreach (var line in text.Split('\n').Where(l => l.Length > 0))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal)) heading = line[2..];
            else lines.Add($"{heading}: {line}");
        }

        return lines;
    }

    private static string Difference(IReadOnlyList<string> kept, IReadOnlyList<string> today) =>
        $"""
        What users can reach differs from tests/Tidy/Features.txt.
        Missing:
        {string.Join('\n', kept.Except(today).Select(l => "  - " + l).DefaultIfEmpty("  nothing"))}
        Additional:
        {string.Join('\n', today.Except(kept).Select(l => "  + " + l).DefaultIfEmpty("  nothing"))}
        If that is meant, renew the file and commit it:
        {Renew}=1 dotnet test tests/Sak.Tests.csproj --filter FullyQualifiedName~FeaturesTests
        """;

    /// <summary>An empty configuration that records which keys were read.</summary>
    private sealed class AskedKeys : IConfiguration
    {
        private readonly IConfiguration _empty = new ConfigurationBuilder().Build();

        public HashSet<string> Keys { get; } = [];

        public string? this[string key]
        {
            get
            {
                Keys.Add(key);
                return null;
            }
            set => throw new InvalidOperationException($"The reader of the settings must not set {key}.");
        }

        public IEnumerable<IConfigurationSection> GetChildren() => _empty.GetChildren();

        public Microsoft.Extensions.Primitives.IChangeToken GetReloadToken() => _empty.GetReloadToken();

        public IConfigurationSection GetSection(string key) => _empty.GetSection(key);
    }
}
