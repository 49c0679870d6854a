using System.Security;

namespace Sak.Agent.Commands;

/// <summary>
/// What an operating system needs to start the agent at logon: a file, and commands that enable and disable it.
/// </summary>
internal sealed record InstallEntry(
    string Path,
    string Text,
    IReadOnlyList<IReadOnlyList<string>> SwitchOn,
    IReadOnlyList<IReadOnlyList<string>> SwitchOff,
    bool IsUtf16 = false)
{
    private const string Name = "sak-agent";

    private const string MacLabel = "io.sak.agent";
    private const string TaskName = "SAK agent";

    /// <summary>
    /// glibc keeps memory that was freed, for each of its heaps up to twice the largest piece it has seen. With a fixed
    /// threshold it gives what is above it back to the system.
    /// </summary>
    public static (string Name, string Value) ReturnFreedMemory { get; } = ("MALLOC_TRIM_THRESHOLD_", "2097152");

    public static InstallEntry ForThisSystem(string program, IReadOnlyList<string> args, string folder)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
            return Windows(program, args, folder,
                Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData),
                $"{Environment.UserDomainName}\\{Environment.UserName}");
        if (OperatingSystem.IsMacOS()) return Mac(program, args, folder, home);
        return Linux(program, args, folder, Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } own
            ? own
            : System.IO.Path.Combine(home, ".config"));
    }

    /// <summary>A systemd user unit.</summary>
    public static InstallEntry Linux(string program, IReadOnlyList<string> args, string folder, string configuration)
    {
        var command = string.Join(' ', ((string[])[program, .. args, "--no-tui"]).Select(SystemdWord));
        // Some desktops never reach graphical-session.target, so the unit starts at logon. A start before there is a
        // screen fails and is repeated.
        var text = $"""
            [Unit]
            Description=SAK: the shop's WhatsApp orders
            After=graphical-session.target
            StartLimitIntervalSec=0

            [Service]
            ExecStart={command}
            WorkingDirectory={folder.Replace("%", "%%", StringComparison.Ordinal)}
            Environment={ReturnFreedMemory.Name}={ReturnFreedMemory.Value}
            Restart=on-failure
            RestartPreventExitStatus=2
            RestartSec=15
            TimeoutStopSec=30

            [Install]
            WantedBy=default.target

            """;
        return new InstallEntry(
            System.IO.Path.Combine(configuration, "systemd", "user", $"{Name}.service"), text,
            [["systemctl", "--user", "daemon-reload"], ["systemctl", "--user", "enable", "--now", $"{Name}.service"]],
            [["systemctl", "--user", "disable", "--now", $"{Name}.service"]]);
    }

    /// <summary>A launchd agent.</summary>
    public static InstallEntry Mac(string program, IReadOnlyList<string> args, string folder, string home)
    {
        var words = string.Join("\n",
            ((string[])[program, .. args, "--no-tui"]).Select(
                word => $"    <string>{SecurityElement.Escape(word)}</string>"));
        var text = $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
              <key>Label</key>
              <string>{MacLabel}</string>
              <key>ProgramArguments</key>
              <array>
            {words}
              </array>
              <key>WorkingDirectory</key>
              <string>{SecurityElement.Escape(folder)}</string>
              <key>RunAtLoad</key>
              <true/>
              <key>KeepAlive</key>
              <dict>
                <key>SuccessfulExit</key>
                <false/>
              </dict>
              <key>ThrottleInterval</key>
              <integer>15</integer>
              <key>ProcessType</key>
              <string>Interactive</string>
            </dict>
            </plist>

            """;
        var path = $"{home}/Library/LaunchAgents/{MacLabel}.plist";
        return new InstallEntry(path, text, [["launchctl", "load", "-w", path]], [["launchctl", "unload", "-w", path]]);
    }

    /// <summary>A scheduled task in the user's session; its console window shows the dashboard.</summary>
    public static InstallEntry Windows(string program, IReadOnlyList<string> args, string folder, string localData,
        string user)
    {
        var path = $"{localData}\\Sak\\start-at-logon.xml";
        return new InstallEntry(path, WindowsTask(program, args, folder, user),
            [["schtasks", "/Create", "/TN", TaskName, "/XML", path, "/F"]],
            [["schtasks", "/Delete", "/TN", TaskName, "/F"]], IsUtf16: true);
    }

    private static string WindowsTask(string program, IReadOnlyList<string> args, string folder, string user) =>
        $"""
            <?xml version="1.0" encoding="UTF-16"?>
            <Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
              <RegistrationInfo>
                <Description>SAK: the shop's WhatsApp orders</Description>
              </RegistrationInfo>
              <Triggers>
                <LogonTrigger>
                  <UserId>{SecurityElement.Escape(user)}</UserId>
                </LogonTrigger>
              </Triggers>
              <Principals>
                <Principal id="Author">
                  <UserId>{SecurityElement.Escape(user)}</UserId>
                  <LogonType>InteractiveToken</LogonType>
                  <RunLevel>LeastPrivilege</RunLevel>
                </Principal>
              </Principals>
              <Settings>
                <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
                <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
                <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
                <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
                <RestartOnFailure>
                  <Interval>PT1M</Interval>
                  <Count>999</Count>
                </RestartOnFailure>
              </Settings>
              <Actions Context="Author">
                <Exec>
                  <Command>{SecurityElement.Escape(program)}</Command>
                  <Arguments>{SecurityElement.Escape(string.Join(' ', args.Select(WindowsWord)))}</Arguments>
                  <WorkingDirectory>{SecurityElement.Escape(folder)}</WorkingDirectory>
                </Exec>
              </Actions>
            </Task>

            """;

    // Inside quotes systemd still interprets backslash escapes, % specifiers and $ variables.
    private static string SystemdWord(string word) =>
        "\"" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal) + "\"";

    private static string WindowsWord(string word) =>
        word.Length > 0 && !word.Any(c => char.IsWhiteSpace(c) || c == '"')
            ? word
            : "\"" + word.Replace("\"", "\\\"", StringComparison.Ordinal) + (word.EndsWith('\\') ? "\\" : "") + "\"";
}
