using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.SemanticKernel;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// A plugin whose functions keep their own names before a model: search_catalog, not catalog-search_catalog. The names
/// are in every call and in the prompt, so the shorter form costs fewer tokens; no two plugins share one. The library's
/// own way builds each function's schema twice, this one once: a plugin is made for each turn.
/// </summary>
internal sealed class PlainNames(object plugin) : KernelPlugin(plugin.GetType().Name)
{
    private readonly Dictionary<string, KernelFunction> _functions = plugin.GetType().GetMethods()
        .Where(method => method.IsDefined(typeof(KernelFunctionAttribute)))
        .Select(method => KernelFunctionFactory.CreateFromMethod(method, plugin)).ToDictionary(f => f.Name);

    public override int FunctionCount => _functions.Count;

    public override bool TryGetFunction(string name, [NotNullWhen(true)] out KernelFunction? function) =>
        _functions.TryGetValue(name, out function);

    public override IEnumerator<KernelFunction> GetEnumerator() => _functions.Values.GetEnumerator();
}
