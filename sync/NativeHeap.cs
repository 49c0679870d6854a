using System.Runtime.InteropServices;

namespace Sak.Sync;

/// <summary>
/// What a program takes from the C library: some MB for compressors, and on the PC SQLite's pages. glibc keeps what was
/// given back to it, for each of its heaps up to twice the largest piece that it has seen; told a bound, it gives the
/// rest to the system. By measure that is 10 MB of the agent and 10 of the server, and no time.
/// </summary>
public static class NativeHeap
{
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int Kept = 2 * 1024 * 1024;

    /// <summary>
    /// To be called first. False where the C library is none that could be told: not Linux, or musl, which keeps little
    /// by itself.
    /// </summary>
    public static bool KeepLittle()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            return Set(TrimThreshold, Kept) == 1;
        }
        catch (Exception none) when (none is EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int Set(int parameter, int value);
}
