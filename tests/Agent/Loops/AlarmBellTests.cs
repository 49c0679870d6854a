using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Loops;
using Sak.Tests.Support;

namespace Sak.Tests.Agent.Loops;

/// <summary>Troubles raise an alarm, but not too often.</summary>
public sealed class AlarmBellTests : IAsyncDisposable
{
    private readonly Folder _folder = new();
    private readonly FakeTimeProvider _clock = new(TestTime.Start);
    private readonly Alarms _alarms;
    private readonly CancellationTokenSource _life = new();
    private Task _work = Task.CompletedTask;
    private int _rings;

    public AlarmBellTests() => _alarms = new Alarms(_clock);

    [Fact]
    public async Task Something_new_rings_once_and_the_same_again_does_not()
    {
        Start("");
        _alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        await RingsAsync(1);
        _alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _rings);

        _alarms.Clear("WhatsApp");
        _alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        await RingsAsync(2);
    }

    [Fact]
    public async Task Ten_troubles_at_once_ring_at_most_twice_a_minute()
    {
        Start("");
        for (var i = 0; i < 10; i++) _alarms.Raise($"{i}", $"Trouble {i}", "");
        await RingsAsync(1);
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return _rings == 2;
            },
            "one more ring for the rest");
        for (var i = 0; i < 120; i++) _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, _rings);
    }

    [Fact]
    public async Task The_owners_command_is_run_with_the_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in command is a shell script.");
        // In a folder with a blank in its name, and with more output than a pipe's buffer.
        var (script, heard) = (Path.Combine(Directory.CreateDirectory(_folder.File("my sounds")).FullName, "alarm.sh"),
            _folder.File("heard.txt"));
        await File.WriteAllTextAsync(script,
            $"#!/bin/sh\nseq 1 100000; seq 1 100000 >&2\nprintf '%s' \"$2\" > {heard}.part\nmv {heard}.part {heard}\n",
            TestContext.Current.CancellationToken);
        Start($"sh \"{script}\" --say");
        _alarms.Raise("WhatsApp", "The page is dead; \"rm -rf\" $(x).", "SAK opens it anew.");
        await Eventually.IsTrueAsync(() => File.Exists(heard), "the command to be run");

        Assert.Equal("The page is dead; \"rm -rf\" $(x). SAK opens it anew.",
            await File.ReadAllTextAsync(heard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_command_that_is_not_there_does_not_stop_the_bell()
    {
        Start("/no/such/program");
        _alarms.Raise("a", "One", "");
        await RingsAsync(1);
        await Eventually.IsTrueAsync(
            () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(31));
                _alarms.Raise("b", $"Two {_clock.GetUtcNow()}", "");
                return _rings >= 2;
            },
            "the next ring");
        Assert.False(_work.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _folder.Dispose();
    }

    private void Start(string command) =>
        _work = new AlarmBell(_alarms, () => _rings++, command, _clock, NullLogger<AlarmBell>.Instance)
            .RunAsync(_life.Token);

    private Task RingsAsync(int count) => Eventually.IsTrueAsync(
        () =>
        {
            if (_rings < count) _clock.Advance(TimeSpan.FromSeconds(1));
            return _rings == count;
        },
        $"{count} rings");
}
