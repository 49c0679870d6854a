using System.Runtime.InteropServices;
using Sak.Sync;

namespace Sak.Tests.Sync;

public sealed class NativeHeapTests
{
    [Fact]
    public void Where_the_C_library_is_glibc_it_takes_the_bound_and_elsewhere_nothing_breaks() =>
        Assert.Equal(
            OperatingSystem.IsLinux()
                && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal),
                NativeHeap.KeepLittle());
}
