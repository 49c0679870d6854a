using System.Diagnostics.CodeAnalysis;
using Microsoft.SemanticKernel;

namespace Sak.Server.Replies.Plugins;

/// <summary>
/// A plugin whose functions keep their own names before a model: search_catalog, not catalog-search_catalog. The names
/// are in every call and in the prompt, so the shorter form costs fewer tokens; no two plugins share one.
/// </summary>
internal sealed class PlainNames(KernelPlugin plugin) : KernelPlugin(plugin.Name, plugin.Description)
{
    private readonly Dictionary<string, KernelFunction> _functions = plugin.ToDictionary(f => f.Name, f => f.Clone());

    public override int FunctionCount => _functions.Count;

    public override bool TryGetFunction(string name, [NotNullWhen(true)] out KernelFunction? function) =>
        _functions.TryGetValue(name, out function);

    public override IEnumerator<KernelFunction> GetEnumerator() => _functions.Values.GetEnumerator();
}
