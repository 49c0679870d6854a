using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.SemanticKernel;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// A plugin whose functions keep their own names before a model: search_catalog, not catalog-search_catalog. The names
/// are in every call and in the prompt, so the shorter form costs fewer tokens; no two plugins share one. A plugin is
/// made for each turn; the schemas of its functions' parameters, the dear part, are worked out once.
/// </summary>
internal sealed class PlainNames(object plugin) : KernelPlugin(plugin.GetType().Name)
{
    private static readonly ConcurrentDictionary<MethodInfo, KernelFunctionMetadata> Known = new();

    private readonly Dictionary<string, KernelFunction> _functions = plugin.GetType().GetMethods()
        .Where(method => method.IsDefined(typeof(KernelFunctionAttribute)))
        .Select(method => New(method, plugin)).ToDictionary(f => f.Name);

    public override int FunctionCount => _functions.Count;

    public override bool TryGetFunction(string name, [NotNullWhen(true)] out KernelFunction? function) =>
        _functions.TryGetValue(name, out function);

    public override IEnumerator<KernelFunction> GetEnumerator() => _functions.Values.GetEnumerator();

    private static KernelFunction New(MethodInfo method, object plugin)
    {
        var known = Known.GetValueOrDefault(method);
        var function = KernelFunctionFactory.CreateFromMethod(method, plugin, new KernelFunctionFromMethodOptions
            { Parameters = known?.Parameters, ReturnParameter = known?.ReturnParameter });
        if (known is null) Known.TryAdd(method, function.Metadata);
        return function;
    }
}
