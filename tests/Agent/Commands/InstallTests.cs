using System.CommandLine;
using System.Xml.Linq;
using Sak.Agent.Commands;

namespace Sak.Tests.Agent.Commands;

public sealed class InstallTests
{
    private static readonly string[] Args = ["run", "--settings=/home/a b/my \"shop\" 100%.json"];

    [Fact]
    public void On_Linux_it_is_a_unit_of_the_users_own_session_that_starts_again_after_a_crash()
    {
        var entry = InstallEntry.Linux("/opt/sak/sak-agent", Args, "/home/a b", "/home/a b/.config");

        Assert.Equal("/home/a b/.config/systemd/user/sak-agent.service", entry.Path.Replace('\\', '/'));
        Assert.Contains(
            """
            ExecStart="/opt/sak/sak-agent" "run" "--settings=/home/a b/my \"shop\" 100%%.json" "--no-tui"

            """.ReplaceLineEndings("\n"), entry.Text);
        Assert.Contains("WorkingDirectory=/home/a b\n", entry.Text);
        Assert.Contains("Restart=on-failure\n", entry.Text);
        Assert.Contains("Environment=MALLOC_TRIM_THRESHOLD_=2097152\n", entry.Text);
        Assert.Equal(["systemctl", "--user", "enable", "--now", "sak-agent.service"], entry.SwitchOn[^1]);
    }

    [Fact]
    public void On_macOS_it_is_a_launchd_agent()
    {
        var entry = InstallEntry.Mac("/Applications/Sak & Co/sak-agent", Args, "/Users/a", "/Users/a");

        const string doctype = """<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" """
            + "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";
        var plist = XDocument.Parse(entry.Text.Replace(doctype, ""));
        Assert.Equal(["/Applications/Sak & Co/sak-agent", .. Args, "--no-tui"],
            plist.Descendants("array").Single().Elements().Select(e => e.Value));
        Assert.Equal("/Users/a/Library/LaunchAgents/io.sak.agent.plist", entry.Path);
    }

    [Fact]
    public void On_Windows_it_is_a_task_of_this_user_without_time_limit()
    {
        var entry = InstallEntry.Windows(@"C:\Sak & Co\sak-agent.exe", ["run", @"--settings=C:\my files\s.json"],
            @"C:\my files",
            @"C:\Users\a\AppData\Local", @"PC\a");

        XNamespace ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        var task = XDocument.Parse(entry.Text).Root!;
        Assert.Equal(@"C:\Sak & Co\sak-agent.exe", task.Descendants(ns + "Command").Single().Value);
        Assert.Equal("""run "--settings=C:\my files\s.json" """.TrimEnd(),
            task.Descendants(ns + "Arguments").Single().Value);
        Assert.Equal("PT0S", task.Descendants(ns + "ExecutionTimeLimit").Single().Value);
        Assert.Equal(@"PC\a", task.Descendants(ns + "LogonTrigger").Single().Element(ns + "UserId")!.Value);
        Assert.True(entry.IsUtf16);
        Assert.Equal(["schtasks", "/Create", "/TN", "SAK agent", "/XML", entry.Path, "/F"], entry.SwitchOn[0]);
    }

    [Fact]
    public async Task Print_shows_the_file_and_writes_nothing()
    {
        var output = new StringWriter();

        var code = await InstallCommand.Create().Parse(["--print", "--Shop:Name=Ravi"])
            .InvokeAsync(new InvocationConfiguration { Output = output },
            CancellationToken.None);

        Assert.Equal(0, code);
        Assert.Contains("--Shop:Name=Ravi", output.ToString());
        Assert.False(File.Exists(output.ToString().Split('\n')[0][2..].Trim()));
    }

    [Fact]
    public async Task Wrong_settings_and_an_open_key_are_refused_with_exit_code_2()
    {
        var output = new StringWriter();

        Assert.Equal(2,
            await InstallCommand.Create().Parse(["--Shop:Nmae=x"])
                .InvokeAsync(new InvocationConfiguration { Output = output },
            CancellationToken.None));
        Assert.Equal(2, await InstallCommand.Create().Parse(["--Cloud:Address=https://a.example",
            "--Cloud:Key=secret"])
            .InvokeAsync(new InvocationConfiguration { Output = output }, CancellationToken.None));

        Assert.Contains("Did you mean Shop:Name?", output.ToString());
        Assert.Contains("SAK_Cloud__Key", output.ToString());
        Assert.DoesNotContain("secret", output.ToString());
    }
}
