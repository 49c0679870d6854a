using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sak.Sync.Reading.Words;

namespace Sak.Sync.Answering;

/// <summary>Why a model's own words are not used.</summary>
public enum WordsFault
{
    /// <summary>A figure, in digits or words of any kind.</summary>
    Figure,

    /// <summary>Talk of money, which is SAK's.</summary>
    Money,

    /// <summary>A gift, a discount, a date, a guarantee.</summary>
    Promise,

    /// <summary>A way out of the chat: an address, a site.</summary>
    Link,

    /// <summary>A secret or an account.</summary>
    Account,

    /// <summary>A sign or letter that no honest sentence needs.</summary>
    Letters,

    /// <summary>Not one of the languages that SAK speaks.</summary>
    Language,

    /// <summary>A slot that does not exist, or words beside it that change what it says.</summary>
    Slot,

    /// <summary>A word that no honest answer needs there.</summary>
    Unknown,

    /// <summary>Longer than any answer needs to be.</summary>
    TooLong,
}

/// <summary>
/// Judges what a model wrote around its slots. A lock that hunts for wrong figures in free text can't win, so the words
/// may hold no figure at all, nothing about money, gifts and promises, and no way out of the chat: those sentences are
/// SAK's own. Pure.
/// </summary>
public static partial class ModelWords
{
    /// <summary>Characters of a model's own words.</summary>
    public const int MaxLength = 700;

    // An honest answer is a few short sentences. Beside letters of the five languages it needs these and some faces.
    private const string Signs = " \n.,!?¿¡'’‘\"“”:;()*-–—…।،؟؛";
    private const string Accented = "áàâãäåçéèêëíìîïóòôõöúùûüñý";
    private const char SlotMark = '\u0001';
    private static readonly HashSet<string> Articles = ["a", "an", "un", "una", "unos", "unas", "um", "uma", "uns",
        "umas", "ek", "एक"];

    private static readonly Dictionary<WordKind, Slot[]> OwnSlots = new()
    {
        [WordKind.Price] = [Slot.Price, Slot.Total], [WordKind.Total] = [Slot.Total],
        [WordKind.Balance] = [Slot.Balance], [WordKind.Delivery] = [Slot.Delivery],
        [WordKind.Hours] = [Slot.Hours], [WordKind.Order] = [Slot.Order],
        [WordKind.Phone] = [Slot.Phone],
    };

    /// <summary>The first fault, or null.</summary>
    /// <param name="language">BCP 47, as the model gave it.</param>
    /// <param name="isWhole">False for words of a customer, which need not be those of an honest answer.</param>
    public static WordsFault? Fault(string text, string language, bool isWhole = true)
    {
        if (text.Length > MaxLength) return WordsFault.TooLong;
        var slots = Slots.In(text).ToList();
        var own = Without(text, slots);
        if (own.AsSpan().IndexOfAny('{', '}') >= 0 || IsJoined(own, slots)) return WordsFault.Slot;
        if (LettersFault(own) is { } letters) return letters;
        language = ModelWordsTable.Shared.Speaks(language) ? language : language.Split('-')[0];
        if (!ModelWordsTable.Shared.Speaks(language)) return WordsFault.Language;
        if (WordsInPlace.IsOfOtherProduct(slots)) return WordsFault.Slot;
        var sentences = Sentences(own, slots);
        foreach (var sentence in sentences)
            if (SentenceFault(sentence, language, isWhole) is { } fault) return fault;
        return null;
    }

    private static string Without(string text, List<Slots.FoundSlot> slots)
    {
        var (own, at) = (new StringBuilder(), 0);
        foreach (var slot in slots)
        {
            own.Append(text, at, slot.Index - at).Append(SlotMark);
            at = slot.Index + slot.Length;
        }

        return own.Append(text, at, text.Length - at).ToString();
    }

    // A minus, a letter or another figure right at a slot would make another figure of it.
    private static bool IsJoined(string own, List<Slots.FoundSlot> slots)
    {
        var at = -1;
        foreach (var slot in slots)
        {
            at = own.IndexOf(SlotMark, at + 1);
            var before = own.AsSpan(0, at);
            var after = own.AsSpan(at + 1);
            if (after.Length > 0 && (char.IsLetterOrDigit(after[0]) || after[0] == SlotMark)) return true;
            if (IsPartOfWord(before)) return true;
            if (slot.Slot != Slot.Name && before.TrimEnd(' ') is [.., '-' or '–' or '—']) return true;
        }

        return false;
    }

    // Arabic writes "at", "and" and "for" onto the word after them.
    private static bool IsPartOfWord(ReadOnlySpan<char> before) =>
        before.Length > 0 && char.IsLetterOrDigit(before[^1]) && !ArabicPrefix().IsMatch(before);

    private static WordsFault? LettersFault(string own)
    {
        foreach (var rune in own.EnumerateRunes())
        {
            if (rune.Value == SlotMark) continue;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber
                or UnicodeCategory.OtherNumber) return WordsFault.Figure;
            if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.CurrencySymbol) return WordsFault.Money;
            if (!IsAllowed(rune)) return WordsFault.Letters;
        }

        return Dotted().IsMatch(own) ? WordsFault.Link
            : SpelledOut().IsMatch(own) || Roman().IsMatch(own) ? WordsFault.Figure
            : MixedScripts().IsMatch(own) || Starred().IsMatch(own) ? WordsFault.Letters
            : null;
    }

    private static bool IsAllowed(Rune rune) =>
        rune.Value is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')
            || (rune.IsBmp && (Signs.Contains((char)rune.Value)
                || Accented.Contains(char.ToLowerInvariant((char)rune.Value))))
            // Devanagari without its signs of other uses, Arabic without its presentation forms.
            || rune.Value is (>= 0x0900 and <= 0x0963) or (>= 0x0620 and <= 0x0652) or 0x0670 or 0x200D
            || IsFace(rune.Value);

    // Faces, hands, hearts, food, a basket, a tick; no presents, money bags, flags, numbers or signs.
    private static bool IsFace(int value) =>
        value is (>= 0x1F600 and <= 0x1F64F) or (>= 0x1F90C and <= 0x1F92F) or (>= 0x1F44A and <= 0x1F450)
            or (>= 0x1F493 and <= 0x1F49C) or (>= 0x1F32D and <= 0x1F37F) or (>= 0x1F950 and <= 0x1F96F)
            or (>= 0x1F3FB and <= 0x1F3FF) or 0x1F6D2 or 0x1F4E6 or 0x2705 or 0x2728 or 0x1F31F or 0x2764 or 0xFE0F
            or 0x263A or 0x1F389 or 0x1F338 or 0x1F33F;

    private static List<ModelSentence> Sentences(string own, List<Slots.FoundSlot> slots)
    {
        var (sentences, next) = (new List<ModelSentence>(), 0);
        foreach (var part in SentenceEnd().Split(own))
        {
            Slots.FoundSlot[] here = [.. slots.Skip(next).Take(part.Count(c => c == SlotMark))];
            next += here.Length;
            var isQuestion = part.TrimEnd(' ', '"', '”', ')') is [.., '?' or '؟'];
            sentences.Add(new ModelSentence(WordsOf(part), here, isQuestion, false));
            // "fr-ee" and "f'ree" are read as one word too.
            if (InWord().IsMatch(part))
                sentences.Add(new ModelSentence(WordsOf(InWord().Replace(part, "")), here, isQuestion, true));
        }

        return sentences;
    }

    private static List<string> WordsOf(string part) =>
        [.. Words().Matches(Normal.Text(part)).Select(m => m.Value.Trim('\'')).Where(w => w.Length > 0)];

    private static WordsFault? SentenceFault(ModelSentence sentence, string language, bool isWhole)
    {
        var words = WithoutHarmless(sentence.Words, language);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i][0] == SlotMark) continue;
            if (IsFigure(words, i, language)) return WordsFault.Figure;
            foreach (var (kind, _) in ModelWordsTable.Shared.At(words, i, language))
                if (FaultOf(kind, sentence) is { } fault) return fault;
        }

        return isWhole ? WordsInPlace.Fault(sentence, words, language) : null;
    }

    private static WordsFault? FaultOf(WordKind kind, ModelSentence sentence) =>
        kind switch
        {
            WordKind.Money => WordsFault.Money,
            WordKind.Promise => WordsFault.Promise,
            WordKind.Figure => WordsFault.Figure,
            WordKind.Link => WordsFault.Link,
            WordKind.Account => WordsFault.Account,
            WordKind.Turn when sentence.HasSum => WordsFault.Slot,
            WordKind.Whole when sentence.HasSum && !sentence.Has(Slot.Total) => WordsFault.Slot,
            _ when OwnSlots.TryGetValue(kind, out var own) && !own.Any(sentence.Has) =>
                kind switch
                {
                    WordKind.Delivery or WordKind.Hours or WordKind.Order => WordsFault.Promise,
                    WordKind.Phone => WordsFault.Account,
                    _ => WordsFault.Money,
                },
            _ => null,
        };

    private static List<string> WithoutHarmless(IReadOnlyList<string> words, string language)
    {
        var left = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            var harmless = ModelWordsTable.Shared.At(words, i, language).Where(w => w.Kind == WordKind.Harmless)
                .Select(w => w.Length).DefaultIfEmpty(0).Max();
            if (harmless == 0) left.Add(words[i]);
            else i += harmless - 1;
        }

        return left;
    }

    private static bool IsFigure(List<string> words, int at, string language)
    {
        var word = words[at];
        var isCommon = ModelWordsTable.Shared.IsCommon(word, language)
            || ModelWordsTable.Shared.IsNoFigure(word, language);
        if (Has(word, PhraseKind.Money)) return !isCommon;
        if (!IsNumberWord(word)) return false;
        if (!isCommon) return true;
        if (at + 1 == words.Count) return false;
        var next = words[at + 1];
        // "A bottle or a carton?" is no figure, "one bottle" is.
        return Has(next, PhraseKind.Money)
            || (!Articles.Contains(word) && (next[0] == SlotMark || IsCounted(next)));
    }

    private static bool IsNumberWord(string word) =>
        Has(word, PhraseKind.Number) || Has(word, PhraseKind.Multiplier) || Has(word, PhraseKind.PlusFraction)
            || (word.Length > 3 && word[0] is 'و' or 'ب' && Has(word[1..], PhraseKind.Number));

    private static bool IsCounted(string word) =>
        WordsInPlace.IsUnit(word) || Has(word, PhraseKind.Multiplier);

    private static bool Has(string word, PhraseKind kind) => Lexicon.Shared.SenseOf(word, kind) is not null;

    [GeneratedRegex(@"(?<![\p{L}\p{M}])[وبلف]ـ?$")]
    private static partial Regex ArabicPrefix();

    [GeneratedRegex(@"(?<=\p{L})[-'’](?=\p{L})")]
    private static partial Regex InWord();

    [GeneratedRegex(@"[\p{L}\p{M}]\(?\.\)?\p{L}|[\p{L}\p{M}]\s?\.\s?(?:com|net|org|shop|store|app|info|biz|online)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Dotted();

    [GeneratedRegex(@"[\p{L}\p{M}]\*+\p{L}")]
    private static partial Regex Starred();

    // "f r e e", "f.r.e.e", "f-r-e-e".
    [GeneratedRegex(@"(?<![\p{L}\p{M}])(?:\p{L}[\s.*\-_']{1,2}){2,}\p{L}(?![\p{L}\p{M}])")]
    private static partial Regex SpelledOut();

    [GeneratedRegex(
        @"(?<![\p{L}'’])(?:(?=[IVXLCDM]{2})M*(?:C[MD]|D?C*)(?:X[CL]|L?X*)(?:I[XV]|V?I*)|[ivx]{2,})(?!\p{L})")]
    private static partial Regex Roman();

    [GeneratedRegex(@"[A-Za-zÀ-ÿ][\u0600-\u06FF\u0900-\u097F]|[\u0600-\u06FF\u0900-\u097F][A-Za-zÀ-ÿ]")]
    private static partial Regex MixedScripts();

    [GeneratedRegex(@"(?<=[.!?।؟])\s|\n")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"[\p{L}\p{M}']+|\u0001")]
    private static partial Regex Words();
}
