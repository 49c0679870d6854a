namespace Sak.Tools.Simulate.WhatsApp;

/// <summary>Someone who writes to the shop: in bursts, with second thoughts, with or without patience.</summary>
internal sealed class Customer
{
    private static readonly string[] Lines =
        ["2 sugar", "3 salt", "5 ctn oil", "2 tray eggs", "4 milk", "10 kg onions", "1 sack rice", "6 neem soap", "3 black tea", "2 red lentils"];

    private const string StopWord = "stop";
    private readonly World world;
    private readonly List<Written> mine = [];
    private int moves;
    private int move;

    public Customer(World world, int number)
    {
        this.world = world;
        Phone = $"9198000{number:00000}";
        Name = $"Customer {number}";
        Hides = world.Chance.Next(6) == 0;
        Chat = Hides ? $"55500{number:00000}@lid" : $"{Phone}@c.us";
        moves = world.Chance.Next(4, 14);
        world.Heard += Hear;
        Next(world.Chance.Next(1, 3600));
    }

    public string Phone { get; }

    public string Name { get; }

    /// <summary>WhatsApp hides the phone behind a LID.</summary>
    public bool Hides { get; }

    public string Chat { get; }

    /// <summary>When the customer wrote "stop"; null without, and when this PC never could read it or it was made into something else.</summary>
    public DateTimeOffset? Stopped => mine.Find(m => m is { Text: StopWord, Sealed: false })?.At;

    private void Hear(Delivered heard)
    {
        if (heard.Chat == Chat) Next(world.Chance.Next(2, 60));
    }

    // One move after another: a reply that is heard brings the next one forward, silence only delays it.
    private void Next(int seconds)
    {
        var mineNow = ++move;
        world.Clock.After(TimeSpan.FromSeconds(seconds), () =>
        {
            if (mineNow == move) Act();
        });
    }

    private void Act()
    {
        if (moves-- <= 0 || !world.Rough) return;
        switch (world.Chance.Next(100))
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

        Next(world.Chance.Next(8) == 0 ? world.Chance.Next(600, 9000) : world.Chance.Next(30, 400));
    }

    private void Burst()
    {
        var count = world.Chance.Next(1, 5);
        if (count > 1) world.Count("burst");
        for (var i = 0; i < count; i++)
            world.Clock.After(TimeSpan.FromMilliseconds(i * world.Chance.Next(300, 5000)), () => Say(Lines[world.Chance.Next(Lines.Length)]));
    }

    private void Say(string text, string type = "chat") => mine.Add(world.Writes(Chat, Hides ? "" : Phone, Name, type, text));

    private void Edit()
    {
        if (mine.FindLast(m => m is { Type: "chat", Sealed: false }) is not { } last) return;
        world.Count("edit");
        world.Edits(last, Lines[world.Chance.Next(Lines.Length)]);
    }

    private void Revoke()
    {
        if (mine.FindLast(m => m is { Type: "chat", Sealed: false }) is not { } last) return;
        world.Count("revoke");
        world.Revokes(last);
    }

    private void Post()
    {
        world.Count("group post");
        world.Writes("120363000000000001@g.us", Phone, Name, "chat", "100 ctn oil");
    }

    private void Stop()
    {
        world.Count("stop");
        Say(StopWord);
    }

    private string Pick(params string[] words) => words[world.Chance.Next(words.Length)];
}
