using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sak.Agent.Workers;
using Sak.Tests.Support;

namespace Sak.Tests.Agent;

/// <summary>What is wrong makes itself heard, and not more often than anybody can bear.</summary>
public sealed class AlarmBellTests : IAsyncDisposable
{
    private readonly Folder folder = new();
    private readonly FakeTimeProvider clock = new(TestTime.Start);
    private readonly Alarms alarms;
    private readonly CancellationTokenSource life = new();
    private Task work = Task.CompletedTask;
    private int rings;

    public AlarmBellTests() => alarms = new Alarms(clock);

    [Fact]
    public async Task Something_new_rings_once_and_the_same_again_does_not()
    {
        Start("");
        alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        await RingsAsync(1);
        alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, rings);

        alarms.Clear("WhatsApp");
        alarms.Raise("WhatsApp", "The page is dead.", "SAK opens it anew.");
        await RingsAsync(2);
    }

    [Fact]
    public async Task Ten_troubles_at_once_ring_at_most_twice_a_minute()
    {
        Start("");
        for (var i = 0; i < 10; i++) alarms.Raise($"{i}", $"Trouble {i}", "");
        await RingsAsync(1);
        await Eventually.IsTrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return rings == 2;
            },
            "one more ring for the rest");
        for (var i = 0; i < 120; i++) clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, rings);
    }

    [Fact]
    public async Task The_owners_command_is_run_with_the_sentence()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in command is a shell script.");
        // In a folder with a blank, and with more to say than a pipe holds.
        var (script, heard) = (Path.Combine(Directory.CreateDirectory(folder.File("my sounds")).FullName, "alarm.sh"), folder.File("heard.txt"));
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nseq 1 100000; seq 1 100000 >&2\nprintf '%s' \"$2\" > {heard}.part\nmv {heard}.part {heard}\n", TestContext.Current.CancellationToken);
        Start($"sh \"{script}\" --say");
        alarms.Raise("WhatsApp", "The page is dead; \"rm -rf\" $(x).", "SAK opens it anew.");
        await Eventually.IsTrueAsync(() => File.Exists(heard), "the command to be run");

        Assert.Equal("The page is dead; \"rm -rf\" $(x). SAK opens it anew.", await File.ReadAllTextAsync(heard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_command_that_is_not_there_does_not_stop_the_bell()
    {
        Start("/no/such/program");
        alarms.Raise("a", "One", "");
        await RingsAsync(1);
        await Eventually.IsTrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(31));
                alarms.Raise("b", $"Two {clock.GetUtcNow()}", "");
                return rings >= 2;
            },
            "the next ring");
        Assert.False(work.IsCompleted);
    }

    public async ValueTask DisposeAsync()
    {
        await life.CancelAsync();
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        folder.Dispose();
    }

    private void Start(string command) => work = new AlarmBell(alarms, () => rings++, command, clock, NullLogger<AlarmBell>.Instance).RunAsync(life.Token);

    private Task RingsAsync(int count) => Eventually.IsTrueAsync(
        () =>
        {
            if (rings < count) clock.Advance(TimeSpan.FromSeconds(1));
            return rings == count;
        },
        $"{count} rings");
}
