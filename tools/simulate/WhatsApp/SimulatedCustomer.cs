namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>A customer who writes to the shop: in bursts, with corrections, patient or impatient.</summary>
internal sealed class SimulatedCustomer
{
    private static readonly string[] Lines =
        ["2 sugar", "3 salt", "5 ctn oil", "2 tray eggs", "4 milk", "10 kg onions", "1 sack rice", "6 neem soap",
            "3 black tea", "2 red lentils"];

    private const string StopWord = "stop";
    private readonly World _world;
    private readonly List<WorldMessage> _mine = [];
    private int _moves;
    private int _move;

    public SimulatedCustomer(World world, int number)
    {
        _world = world;
        Phone = $"9198000{number:00000}";
        Name = $"Customer {number}";
        Hides = world.Chance.Next(6) == 0;
        Chat = Hides ? $"55500{number:00000}@lid" : $"{Phone}@c.us";
        _moves = world.Chance.Next(4, 14);
        world.Heard += Hear;
        Next(world.Chance.Next(1, 3600));
    }

    public string Phone { get; }

    public string Name { get; }

    /// <summary>WhatsApp hides the phone behind a LID.</summary>
    public bool Hides { get; }

    public string Chat { get; }

    /// <summary>
    /// When the customer wrote "stop"; null without, and when this PC could never read it or it was edited or deleted.
    /// </summary>
    public DateTimeOffset? Stopped => _mine.Find(m => m is { Text: StopWord, Sealed: false })?.At;

    private void Hear(Delivered heard)
    {
        if (heard.Chat == Chat) Next(_world.Chance.Next(2, 60));
    }

    // One move after another: a reply brings the next one forward, silence only delays it.
    private void Next(int seconds)
    {
        var mineNow = ++_move;
        _world.Clock.After(TimeSpan.FromSeconds(seconds), () =>
        {
            if (mineNow == _move) Act();
        });
    }

    private void Act()
    {
        if (_moves-- <= 0 || !_world.Rough) return;
        switch (_world.Chance.Next(100))
        {
            case < 45: Burst(); break;
            case < 75: Say("yes"); break;
            case < 80: Edit(); break;
            case < 86: Revoke(); break;
            case < 89: Say("", Pick("ptt", "image", "vcard", "document", "location")); break;
            case < 91: Say("how much is milk?"); break;
            case < 93: Post(); break;
            case < 95: Say("cancel my order"); break;
            case < 96: Stop(); break;
            case < 97: Say("i want to talk to a real person"); break;
            default: Say(Pick("hello", "👍", "thanks", "ok")); break;
        }

        Next(_world.Chance.Next(8) == 0 ? _world.Chance.Next(600, 9000) : _world.Chance.Next(30, 400));
    }

    private void Burst()
    {
        var count = _world.Chance.Next(1, 5);
        if (count > 1) _world.Count("burst");
        for (var i = 0; i < count; i++)
            _world.Clock.After(TimeSpan.FromMilliseconds(i * _world.Chance.Next(300, 5000)),
                () => Say(Lines[_world.Chance.Next(Lines.Length)]));
    }

    private void Say(string text, string type = "chat") =>
        _mine.Add(_world.Writes(Chat, Hides ? "" : Phone, Name, type, text));

    private void Edit()
    {
        if (_mine.FindLast(m => m is { Type: "chat", Sealed: false }) is not { } last) return;
        _world.Count("edit");
        _world.Edits(last, Lines[_world.Chance.Next(Lines.Length)]);
    }

    private void Revoke()
    {
        if (_mine.FindLast(m => m is { Type: "chat", Sealed: false }) is not { } last) return;
        _world.Count("revoke");
        _world.Revokes(last);
    }

    private void Post()
    {
        _world.Count("group post");
        _world.Writes("120363000000000001@g.us", Phone, Name, "chat", "100 ctn oil");
    }

    private void Stop()
    {
        _world.Count("stop");
        Say(StopWord);
    }

    private string Pick(params string[] words) => words[_world.Chance.Next(words.Length)];
}
