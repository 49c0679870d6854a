using System.Globalization;
using System.Net.Sockets;

namespace Sak.Tools.Bench;

/// <summary>Resource use of a process, as Linux reports it; zero on other systems.</summary>
internal static class Meter
{
    public static double PeakMb(int process) => Field($"/proc/{process}/status", "VmHWM:") / 1024d;

    public static double NowMb(int process) => Field($"/proc/{process}/status", "VmRSS:") / 1024d;

    /// <summary>Its share of the memory that it uses; pages that processes share are counted once in all.</summary>
    public static double PssMb(int process) => Field($"/proc/{process}/smaps_rollup", "Pss:") / 1024d;

    /// <summary>Resets the peak; needs the permission to write clear_refs.</summary>
    public static void ResetPeak(int process)
    {
        try
        {
            File.WriteAllText($"/proc/{process}/clear_refs", "5");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Without the permission the peak is that of the whole run, so the printed value is higher.
        }
    }

    /// <summary>User and system time in milliseconds.</summary>
    public static long CpuMs(int process)
    {
        var file = $"/proc/{process}/stat";
        if (!File.Exists(file)) return 0;
        var text = File.ReadAllText(file);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture)
            + long.Parse(fields[12], CultureInfo.InvariantCulture)) * 10;
    }

    /// <summary>All descendants of this process: an agent's driver and browser.</summary>
    public static IReadOnlyList<int> Children(int process)
    {
        if (!Directory.Exists("/proc")) return [];
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Parent: Field($"/proc/{id}/status", "PPid:"))).ToList();
        var found = new List<int>();
        var next = new Queue<int>([process]);
        while (next.TryDequeue(out var one))
            foreach (var child in parents.Where(p => p.Parent == one))
            {
                found.Add(child.Id);
                next.Enqueue(child.Id);
            }

        return found;
    }

    private static long Field(string file, string name) =>
        File.Exists(file)
            && File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture)
            : 0;
}

/// <summary>Counts the bytes through the sockets of one client, headers included.</summary>
internal sealed class WireCount
{
    private long _in;
    private long _out;

    public long In => Interlocked.Read(ref _in);

    public long Out => Interlocked.Read(ref _out);

    public SocketsHttpHandler Handler(System.Net.DecompressionMethods decompression) => new()
    {
        AutomaticDecompression = decompression,
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new Counted(socket, this);
        },
    };

    private sealed class Counted(Socket socket, WireCount count) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default)
        {
            var read = await base.ReadAsync(buffer, cancel);
            Interlocked.Add(ref count._in, read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancel = default)
        {
            Interlocked.Add(ref count._out, buffer.Length);
            return base.WriteAsync(buffer, cancel);
        }
    }
}
