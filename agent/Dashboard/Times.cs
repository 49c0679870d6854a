using System.Globalization;

namespace Sak.Agent.Dashboard;

/// <summary>Formats times in the owner's time zone.</summary>
internal sealed class Times(TimeZoneInfo zone, DateTimeOffset now)
{
    private readonly DateTimeOffset _now = TimeZoneInfo.ConvertTime(now, zone);

    public string Now => Format(_now, "ddd d MMM, HH:mm");

    /// <summary>"14:05" today, "3 Mar 14:05" on another day of this year, else "3 Mar 2025".</summary>
    public string Short(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        if (local.Date == _now.Date) return Format(local, "HH:mm");
        return Format(local, local.Year == _now.Year ? "d MMM HH:mm" : "d MMM yyyy");
    }

    public string Exact(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return Format(local, local.Date == _now.Date ? "HH:mm:ss" : "d MMM HH:mm:ss");
    }

    private static string Format(DateTimeOffset time, string form) => time.ToString(form, CultureInfo.InvariantCulture);
}
