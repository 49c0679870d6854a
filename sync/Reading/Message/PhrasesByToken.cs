namespace Sak.Sync.Reading.Message;

/// <summary>Phrases by the tokens that they hold: a phrase's neighbours are found without a look at all.</summary>
internal sealed class PhrasesByToken
{
    private readonly List<FoundPhrase>?[] _at;

    public PhrasesByToken(IEnumerable<FoundPhrase> phrases, int tokens)
    {
        _at = new List<FoundPhrase>?[tokens];
        foreach (var phrase in phrases)
            for (var i = phrase.Start; i < phrase.End; i++) (_at[i] ??= []).Add(phrase);
    }

    /// <summary>True where a phrase that overlaps this one does so.</summary>
    public bool Any(FoundPhrase phrase, Func<FoundPhrase, bool> which)
    {
        for (var i = phrase.Start; i < phrase.End; i++)
            if (_at[i] is { } here)
                foreach (var other in here)
                    if (which(other)) return true;
        return false;
    }

    /// <summary>The phrases that hold this token.</summary>
    public IEnumerable<FoundPhrase> At(int token) => _at[token] ?? [];
}
