using System.Threading.Channels;

namespace Sak.Agent.Dashboard;

/// <summary>The owner's terminal: the console, or one in memory.</summary>
public interface ITerminal : IDisposable
{
    TextWriter Output { get; }

    /// <summary>The current columns and rows.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Keys as they are pressed. Ends when no more can come.</summary>
    ChannelReader<ConsoleKeyInfo> Keys { get; }

    /// <summary>One item for each time the window's size may have changed.</summary>
    ChannelReader<bool> Resizes { get; }
}
