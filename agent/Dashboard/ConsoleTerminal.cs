using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Spectre.Console;

namespace Sak.Agent.Dashboard;

/// <summary>
/// The process's console. While it is open, Ctrl-C arrives as a key, so that the dashboard can close cleanly.
/// </summary>
public sealed class ConsoleTerminal : ITerminal
{
    private static readonly TimeSpan SizeCheck = TimeSpan.FromMilliseconds(250);

    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();
    private readonly Channel<bool> _resizes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly bool _controlCBefore = Console.TreatControlCAsInput;
    private readonly IDisposable _sizeWatch;

    public ConsoleTerminal(TimeProvider clock)
    {
        Console.TreatControlCAsInput = true;
        Output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 * 1024);
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = Encoding.UTF8;
        _sizeWatch = OperatingSystem.IsWindows()
            ? PollSize(clock)
            : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _resizes.Writer.TryWrite(true));
        // Reading keys blocks, so it has a thread of its own, which ends with the process.
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>True on an interactive terminal that can draw.</summary>
    public static bool IsThere =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected
        && AnsiConsole.Profile.Capabilities.Ansi // also turns escape sequences on in a Windows console
        && !string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal);

    public TextWriter Output { get; }

    public (int Width, int Height) Size => (Math.Max(1, Console.WindowWidth), Math.Max(1, Console.WindowHeight));

    public ChannelReader<ConsoleKeyInfo> Keys => _keys.Reader;

    public ChannelReader<bool> Resizes => _resizes.Reader;

    public void Dispose()
    {
        _sizeWatch.Dispose();
        Console.TreatControlCAsInput = _controlCBefore;
        _keys.Writer.TryComplete();
        _resizes.Writer.TryComplete();
    }

    private ITimer PollSize(TimeProvider clock)
    {
        var last = Size;
        return clock.CreateTimer(_ =>
        {
            var now = Size;
            if (now == last) return;
            last = now;
            _resizes.Writer.TryWrite(true);
        }, null, SizeCheck, SizeCheck);
    }

    private void ReadKeys()
    {
        try
        {
            while (_keys.Writer.TryWrite(Console.ReadKey(intercept: true)))
            {
            }
        }
        catch (Exception gone) when (gone is InvalidOperationException or IOException)
        {
            // The terminal was closed: without keys the dashboard only draws, until a signal ends it.
            _keys.Writer.TryComplete();
        }
    }
}
