using Sak.Tools.Simulate;

namespace Sak.Tests.Simulation;

/// <summary>Many worlds, each from one seed; a failure prints its seed and the command that repeats it.</summary>
public sealed class SyncSimulationTests
{
    [Fact]
    public async Task In_two_hundred_worlds_of_faults_replicas_cloud_and_model_agree_at_the_end()
    {
        using var output = new StringWriter();

        var code = await SimulateCommand.RunAsync(1, 200, output, TestContext.Current.CancellationToken);

        Assert.True(code == 0, output.ToString());
        Assert.Contains("200 of 200 worlds held", output.ToString());
    }

    [Theory]
    [InlineData("sync --seeds -1", 1)]
    [InlineData("whatsapp --seeds 0", 1)]
    [InlineData("sync --seeds many", 1)]
    [InlineData("sync --seeds 1", 0)]
    public void No_worlds_at_all_are_no_proof_and_refused(string line, int faults) =>
    Assert.Equal(faults, SimulateCommand.Create().Parse(line).Errors.Count);
}
