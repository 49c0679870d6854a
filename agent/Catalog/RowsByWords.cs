using Microsoft.Data.Sqlite;
using Sak.Sync.Reading.Names;
using Sak.Sync.Reading.Words;

namespace Sak.Agent.Catalog;

/// <summary>
/// The rows of the index that the words of one message find. Ranking everything that any word finds is slow where a
/// word is common. So rows that hold two or three neighbouring words of the message come first, then a handful for each
/// word, enough to see that it is ambiguous.
/// </summary>
internal sealed class RowsByWords : IDisposable
{
    private const int MostOfOne = 20;
    private const int TwoWords = 20;
    private const int ThreeWords = 400;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly SqliteParameter _query;
    private readonly Dictionary<long, int> _scores = [];

    public RowsByWords(SqliteConnection connection)
    {
        _connection = connection;
        _command = connection.CreateCommand();
        _command.CommandText = "SELECT rowid FROM catalog_search WHERE catalog_search MATCH $query LIMIT $most";
        _query = _command.Parameters.Add("$query", SqliteType.Text);
        _command.Parameters.AddWithValue("$most", MostOfOne);
    }

    /// <summary>To be called once.</summary>
    public List<long> Best(IReadOnlyList<string> words, int limit)
    {
        var groups = words.Where(w => w.Length > 0).Select(Found).OfType<string>().ToList();
        for (var i = 0; i + 1 < groups.Count; i++) FindNeighbours(groups, i);
        return [.. _scores.OrderByDescending(s => s.Value).ThenBy(s => s.Key).Take(limit).Select(s => s.Key)];
    }

    public void Dispose() => _command.Dispose();

    /// <returns>The query of one word, or null where it finds nothing.</returns>
    private string? Found(string word)
    {
        var terms = SearchTerms.OfWord(word);
        // As written and without its ending; only a word that finds nothing is tried by its sound and by similar words.
        var written = Any(terms.Where(t => t[0] != '~'));
        if (Find(written) > 0) return written;
        // A language's own word is no misspelling of a name.
        if (SearchTerms.IsOfLanguage(word)) return null;
        var similar = Any([.. terms, .. Near(word)]);
        return Find(similar) > 0 ? similar : null;
    }

    private void FindNeighbours(List<string> groups, int at)
    {
        var pair = $"{groups[at]} AND {groups[at + 1]}";
        var holdsPair = Find(pair, TwoWords) > 0;
        if (at + 2 >= groups.Count) return;
        if (holdsPair) Find($"{pair} AND {groups[at + 2]}", ThreeWords);
        else Find($"{groups[at]} AND {groups[at + 2]}", TwoWords);
    }

    /// <returns>How many rows it finds; each gets the score.</returns>
    private int Find(string match, int score = 1)
    {
        _query.Value = match;
        using var reader = _command.ExecuteReader();
        var count = 0;
        for (; reader.Read(); count++)
        {
            var row = reader.GetInt64(0);
            _scores[row] = _scores.GetValueOrDefault(row) + score;
        }

        return count;
    }

    private static string Any(IEnumerable<string> terms) =>
        $"({string.Join(" OR ", terms.Select(t => $"\"{CatalogTerms.Key(t)}\""))})";

    private List<string> Near(string word)
    {
        if (word.Length < 4 || word.Any(char.IsAsciiDigit)) return [];
        using var command = _connection.CreateCommand();
        command.CommandText =
            "SELECT word FROM catalog_spelling WHERE catalog_spelling MATCH $query ORDER BY rank LIMIT 60";
        var pieces = Enumerable.Range(0, word.Length - 2)
            .Select(i => $"\"{word.Substring(i, 3).Replace("\"", "", StringComparison.Ordinal)}\"");
        command.Parameters.AddWithValue("$query", string.Join(" OR ", pieces.Distinct()));
        using var reader = command.ExecuteReader();
        var near = new List<string>();
        while (reader.Read())
            if (Spelling.Likeness(word, reader.GetString(0)) > 0) near.Add(reader.GetString(0));
        return near;
    }
}
