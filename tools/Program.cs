using System.CommandLine;
using Sak.Tools.Understand;

namespace Sak.Tools;

public static class Program
{
    public static int Main(string[] args) => new RootCommand("Tools of SAK") { UnderstandCommand.Create() }.Parse(args).Invoke();
}
