using System.CommandLine;
using Sak.Tools.Understand;

namespace Sak.Tools;

public static class Program
{
    public static Task<int> Main(string[] args) =>
        args is ["bench", "understanding", .. var rest] ? BenchUnderstanding.RunAsync(rest, CancellationToken.None) : new RootCommand("Tools of SAK") { UnderstandCommand.Create() }.Parse(args).InvokeAsync();
}
