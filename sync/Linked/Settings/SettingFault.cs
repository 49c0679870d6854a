namespace Sak.Sync.Linked.Settings;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Where">The setting as it was written, with its place: "SAK_Cloud__Address",
/// "Cloud:Address in appsettings.json".</param>
/// <param name="What">Goes on from <paramref name="Where"/>.</param>
/// <param name="Next">What to do.</param>
public sealed record SettingFault(string Where, string What, string Next)
{
    public override string ToString() => $"{Where} {What}. {Next}";

    /// <summary>All faults at once, as both programs print them before they exit with 2.</summary>
    public static void Write(TextWriter output, IReadOnlyCollection<string> faults)
    {
        output.WriteLine(faults.Count == 1 ? "One setting is wrong:" : $"{faults.Count} settings are wrong:");
        foreach (var fault in faults) output.WriteLine($"  - {fault}");
    }
}
