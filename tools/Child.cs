using System.Diagnostics;

namespace Sak.Tools;

/// <summary>A child process. Its output goes, line by line, to a log file and to listeners.</summary>
public sealed class Child : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StreamWriter? _log;
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];

    private Child(Process process, string? logFile)
    {
        _process = process;
        _log = logFile is null ? null : new StreamWriter(logFile, append: true) { AutoFlush = true };
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Its output so far, from both streams.</summary>
    public string Output
    {
        get
        {
            lock (_gate) return string.Join('\n', _lines);
        }
    }

    /// <param name="environment">Added to this program's environment; null removes a variable.</param>
    public static Child Start(string program, IEnumerable<string> arguments, string? folder = null,
        IReadOnlyDictionary<string, string?>? environment = null, string? logFile = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        try
        {
            var child = new Child(Process.Start(start)!, logFile);
            child.Listen();
            return child;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new SetupException(
                $"{program} could not be started ({error.Message}). Is it installed and on the PATH?");
        }
    }

    /// <summary>Runs a program to its end and returns its exit code and output.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, IEnumerable<string> arguments,
        string? folder = null, IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancel = default)
    {
        await using var child = Start(program, arguments, folder, environment);
        await child._process.WaitForExitAsync(cancel);
        return (child.ExitCode, child.Output);
    }

    /// <summary>
    /// Kills it at once (SIGKILL or Windows' equivalent), as a power cut does; with its child processes when
    /// <paramref name="tree"/> is true.
    /// </summary>
    public async Task KillAsync(bool tree = false)
    {
        if (!_process.HasExited) _process.Kill(tree);
        await _process.WaitForExitAsync();
    }

    /// <summary>
    /// Asks it to end (SIGTERM; Windows has no equivalent for console programs), and kills it when it has not
    /// ended in time.
    /// </summary>
    public async Task EndAsync(TimeSpan most)
    {
        if (!OperatingSystem.IsWindows() && !_process.HasExited && Kill(_process.Id, 15) == 0)
        {
            using var time = new CancellationTokenSource(most);
            await _process.WaitForExitAsync(time.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await KillAsync(tree: true);
    }

    public Task WaitAsync(CancellationToken cancel) => _process.WaitForExitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await KillAsync(tree: true);
        _process.Dispose();
        if (_log is not null) await _log.DisposeAsync();
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _lines.Add(line);
            if (_log?.BaseStream.CanWrite == true) _log.WriteLine(line);
        }
    }

    [System.Runtime.InteropServices.DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
