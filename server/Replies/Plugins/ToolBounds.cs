using System.Text.Json;
using Microsoft.SemanticKernel;
using Sak.Server.Settings;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// Every bound on what a model does with tools: how often it asks, how much at once, how long a result may be, and what
/// it learns of a failure. Semantic Kernel sends a model the message of any exception; here a model learns only of its
/// own mistakes, and whatever else fails ends the talk.
/// </summary>
internal sealed class ToolBounds(ModelSettings bounds, JsonSerializerOptions json) : IAutoFunctionInvocationFilter
{
    private const int CallsInRound = 20;
    private const int MaxResult = 8_000;
    private const int MaxFault = 300;

    public int Calls { get; private set; }

    /// <summary>Why the talk was ended; null while it may go on. Then there is no answer to read.</summary>
    public Exception? Ended { get; private set; }

    public static Exception TooManyRounds(ModelSettings bounds) =>
        new InvalidDataException($"the model asked for tools more than {bounds.MaxToolRounds} times");

    public async Task OnAutoFunctionInvocationAsync(
        AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        Calls++;
        if (context.RequestSequenceIndex >= bounds.MaxToolRounds) End(context, TooManyRounds(bounds));
        else if (context.FunctionCount > CallsInRound)
            End(context, new InvalidDataException($"the model asked for {context.FunctionCount} tool calls at once"));
        else await CallAsync(context, next);
    }

    private async Task CallAsync(AutoFunctionInvocationContext context, Func<AutoFunctionInvocationContext, Task> next)
    {
        try
        {
            await next(context);
            var value = context.Result.GetValue<object>();
            Answer(context, value as string ?? JsonSerializer.Serialize(value, json), MaxResult);
        }
        catch (Exception e) when (IsMistakeOfModel(e))
        {
            Answer(context, $"The arguments are wrong: {e.Message}", MaxFault);
        }
        catch (Exception e)
        {
            End(context, new ToolFailedException(context.Function.Name, e));
        }
    }

    // Arguments that are missing or of another type than the tool's.
    private static bool IsMistakeOfModel(Exception e) =>
        e is ArgumentException or JsonException or FormatException or InvalidCastException or OverflowException
            or KernelException { InnerException: ArgumentException };

    private void End(AutoFunctionInvocationContext context, Exception why)
    {
        Ended = why;
        context.Terminate = true;
        Answer(context, "", 0);
    }

    private static void Answer(AutoFunctionInvocationContext context, string text, int most) =>
        context.Result = new FunctionResult(context.Function, text.Length <= most ? text : text[..most]);
}

/// <summary>A tool failed by a fault of SAK or its database, which is no business of a model.</summary>
public sealed class ToolFailedException(string tool, Exception fault)
    : Exception($"the tool {tool} failed", fault);
