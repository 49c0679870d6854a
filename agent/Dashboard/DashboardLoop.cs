using System.Threading.Channels;
using Sak.Agent.Loops;
using Sak.Agent.Status;
using Sak.Agent.Sync;

namespace Sak.Agent.Dashboard;

/// <summary>
/// Runs the owner's dashboard: reads the shop's status about once a second, handles keys, draws what changed.
/// </summary>
/// <param name="read">Reads the shop's status. When it throws, the owner sees a trouble and the
/// last status stays.</param>
/// <param name="chats">Carries out a wish on a chat and returns a sentence about the result.</param>
/// <param name="words">The same for a customer's word.</param>
public sealed class DashboardLoop(
    ITerminal terminal, Func<CancellationToken, Task<ShopStatus>> read, TimeProvider clock,
    Func<ChatRow, Wish, CancellationToken, Task<string>>? chats = null,
    Func<WordRow, Wish, CancellationToken, Task<string>>? words = null)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wishes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<Happening> _happenings = Channel.CreateUnbounded<Happening>();
    private ViewState _view = new(clock.LocalTimeZone);
    private ShopStatus? _status;
    private Trouble? _unreadable;

    private abstract record Happening
    {
        public sealed record Pressed(ConsoleKeyInfo Key) : Happening;

        public sealed record Resized : Happening;

        public sealed record Read(ShopStatus Status) : Happening;

        public sealed record Obeyed(string Says) : Happening;

        public sealed record Unreadable(Exception Why) : Happening;
    }

    /// <summary>True on an interactive terminal that can draw; otherwise use <see cref="PlainLog"/>.</summary>
    public static bool IsPossible => ConsoleTerminal.IsThere;

    /// <summary>Runs on the console until the owner quits (true) or it is cancelled (false).</summary>
    public static async Task<bool> RunAsync(
        Func<CancellationToken, Task<ShopStatus>> read, Func<ChatRow, Wish, CancellationToken, Task<string>> chats,
        Func<WordRow, Wish, CancellationToken, Task<string>> words, TimeProvider clock, CancellationToken cancel)
    {
        using var terminal = new ConsoleTerminal(clock);
        return await new DashboardLoop(terminal, read, clock, chats, words).RunAsync(cancel);
    }

    /// <summary>Reads and draws now instead of within a second.</summary>
    public void Refresh() => _wishes.Writer.TryWrite(true);

    /// <summary>Runs until the owner quits (true) or it is cancelled (false).</summary>
    public async Task<bool> RunAsync(CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var screen = new Screen(terminal.Output);
        Task[] sources = [ReadStatusesAsync(stop.Token), ForwardKeysAsync(stop.Token), ForwardResizesAsync(stop.Token)];
        try
        {
            Draw(screen);
            await ObeyAsync(screen, stop.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The agent closes, but not by the owner's key.
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(sources);
        }

        return _view.HasQuit;
    }

    private async Task ObeyAsync(Screen screen, CancellationToken cancel)
    {
        while (!_view.HasQuit && await _happenings.Reader.WaitToReadAsync(cancel))
        {
            // Several happenings are drawn once, so that a held key does not lag.
            while (!_view.HasQuit && _happenings.Reader.TryRead(out var happening))
            {
                Take(happening, screen);
                if (_view.Wish is { } wish) Obey(wish, cancel);
            }

            if (!_view.HasQuit) Draw(screen);
        }
    }

    private void Take(Happening happening, Screen screen)
    {
        switch (happening)
        {
            case Happening.Pressed { Key: { Key: ConsoleKey.L, Modifiers: ConsoleModifiers.Control } }:
            case Happening.Resized:
                screen.Forget();
                break;
            case Happening.Pressed pressed:
                var (width, height) = terminal.Size;
                var (rows, page) = _status is null ? (0, 1) : DashboardView.Extent(_status, _view, width, height);
                _view = _view.Press(pressed.Key, rows, page);
                break;
            case Happening.Read read:
                var (columns, lines) = terminal.Size;
                _view = DashboardView.Follow(_status, read.Status, _view, columns, lines);
                (_status, _unreadable) = (read.Status, null);
                break;
            case Happening.Obeyed obeyed:
                _view = _view with { Notice = obeyed.Says };
                Refresh();
                break;
            case Happening.Unreadable unreadable:
                _unreadable = new Trouble(clock.GetUtcNow(),
                    $"The shop's figures could not be read: {FirstLine(unreadable.Why.Message)}",
                    "SAK tries again each second. If this stays, close it and run: sak-agent doctor");
                break;
        }
    }

    // In the background: a viewer that opens slowly must not block the screen.
    private void Obey(Wish wish, CancellationToken cancel)
    {
        _view = _view with { Wish = null };
        if (Act(wish) is not { } act) return;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    _happenings.Writer.TryWrite(new Happening.Obeyed(await act(cancel)));
                }
                catch (Exception why) when (!cancel.IsCancellationRequested)
                {
                    _happenings.Writer.TryWrite(new Happening.Obeyed($"That did not work: {FirstLine(why.Message)}"));
                }
            },
            cancel);
    }

    // The row is read now: the selection may have moved by the time the action runs.
    private Func<CancellationToken, Task<string>>? Act(Wish wish)
    {
        if (_status is null) return null;
        if (chats is not null && DashboardView.Chat(_status, _view) is { } chat)
            return cancel => chats(chat, wish, cancel);
        if (words is not null && DashboardView.Word(_status, _view) is { } word)
            return cancel => words(word, wish, cancel);
        return null;
    }

    private void Draw(Screen screen)
    {
        var (width, height) = terminal.Size;
        var status = _status ?? Nothing();
        // The displayed time advances even when the status can't be read.
        if (_unreadable is not null)
            status = status with { Now = clock.GetUtcNow(), Troubles = [_unreadable, .. status.Troubles] };
        screen.Draw(DashboardView.Draw(status, _view, width, height), width, height);
    }

    private ShopStatus Nothing() => new(
        "", clock.GetUtcNow(), WhatsApp.WhatsAppState.Starting, "", "",
        new CloudStatus(CloudState.Off, "", null, 0, 0), new TodayCounts(0, 0, 0, 0, 0, "", 0), [], [], [], [], []);

    private async Task ReadStatusesAsync(CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _happenings.Writer.TryWrite(await ReadAsync(stop));
                await PauseAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The dashboard closes.
        }
    }

    private async Task<Happening> ReadAsync(CancellationToken stop)
    {
        try
        {
            // On another thread: a slow reader must not block the keys.
            return new Happening.Read(await Task.Run(() => read(stop), stop));
        }
        catch (Exception why) when (!stop.IsCancellationRequested)
        {
            return new Happening.Unreadable(why);
        }
    }

    // Ends after a second or at the next wish.
    private async Task PauseAsync(CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(Task.Delay(Pause, clock, over.Token), _wishes.Reader.WaitToReadAsync(over.Token).AsTask());
        await over.CancelAsync();
        _wishes.Reader.TryRead(out _);
    }

    private Task ForwardKeysAsync(CancellationToken stop) =>
        ForwardAsync(terminal.Keys, key => new Happening.Pressed(key), stop);

    private Task ForwardResizesAsync(CancellationToken stop) =>
        ForwardAsync(terminal.Resizes, _ => new Happening.Resized(), stop);

    private async Task ForwardAsync<T>(ChannelReader<T> from, Func<T, Happening> name, CancellationToken stop)
    {
        try
        {
            await foreach (var one in from.ReadAllAsync(stop)) _happenings.Writer.TryWrite(name(one));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The dashboard closes.
        }
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();
}
