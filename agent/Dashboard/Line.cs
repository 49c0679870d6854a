using Spectre.Console;
using Spectre.Console.Rendering;

namespace Sak.Agent.Dashboard;

/// <summary>One line of the screen: texts on the left and on the right, never longer than the screen is wide.</summary>
internal sealed class Line(Style? ground = null) : IRenderable
{
    private readonly Style _ground = ground ?? Style.Plain;
    private readonly List<(string Text, Style Style)> _left = [];
    private readonly List<(string Text, Style Style)> _right = [];

    public static Line Empty => new();

    public Line Add(string text, Style? style = null)
    {
        _left.Add((text, style ?? _ground));
        return this;
    }

    public Line AddRight(string text, Style? style = null)
    {
        _right.Add((text, style ?? _ground));
        return this;
    }

    public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var right = _right.Sum(p => ScreenText.Cells(p.Text));
        // The right side is dropped first: the left side says what the line is about.
        var showRight = right > 0 && _left.Sum(p => ScreenText.Cells(p.Text)) + 1 + right <= maxWidth;
        var room = showRight ? maxWidth - right : maxWidth;
        foreach (var (text, style) in _left)
        {
            var clipped = ScreenText.Clip(text, room);
            room -= ScreenText.Cells(clipped);
            if (clipped.Length > 0) yield return new Segment(clipped, style);
        }

        if (room > 0) yield return new Segment(new string(' ', room), _ground);
        if (!showRight) yield break;
        foreach (var (text, style) in _right) yield return new Segment(text, style);
    }
}

/// <summary>A widget and the number of lines it gets.</summary>
internal readonly record struct Part(IRenderable Picture, int Lines);

/// <summary>Parts one below the other, each with exactly its number of lines.</summary>
internal sealed class Stack(IReadOnlyList<Part> parts) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(maxWidth, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var (picture, count) in parts)
        {
            var lines = Segment.SplitLines(picture.Render(options, maxWidth));
            for (var i = 0; i < count; i++)
            {
                if (i < lines.Count)
                    foreach (var segment in lines[i]) yield return segment;
                yield return Segment.LineBreak;
            }
        }
    }
}
