using Sak.Sync.Model;

namespace Sak.Sync.Understanding;

/// <summary>
/// Makes lines of the stretches of a turn's messages, in the order written: joins a name and its quantity, fills in what
/// was left out, lets an answer meet its question, and turns each doubt into a question.
/// </summary>
internal sealed class LineReader(Context context)
{
    private readonly List<Entry> _entries = [];
    private readonly List<Pending> _pending = [.. context.Basket.Open.Where(o => o.Asks != OpenLine.Unknown).Select(o => new Pending(o))];

    /// <summary>A line in the making.</summary>
    private sealed class Entry
    {
        public string Op = Ops.Plain;
        public decimal Factor = 1;
        public Product? Product;
        public IReadOnlyList<Product> Candidates = [];
        public decimal? Quantity;
        public string? Unit;
        public bool NoName;
        public bool Unknown;
        public bool Weak;
        public bool Elliptic;
        public bool Answer;
        public bool Amount;
        public string Words = "";
        public string MessageId = "";
        public string Why = "";
        public Draft? Draft;
        public int Message;
    }

    private sealed record Pending(OpenLine Open)
    {
        public bool Answered { get; set; }
    }

    /// <summary>Reads one message after another; lines of the earlier ones are at hand for the later ones.</summary>
    public void Read(Speech speech, IReadOnlyList<Draft> drafts, Act act, int message)
    {
        var drafter = new Drafter(speech, context.Vocabulary);
        var used = drafts.Where(d => !act.Mutes(d.Clause)).ToList();
        GiveOps(speech, used);
        Complete(drafter, used);
        foreach (var draft in drafts.Where(d => act.Mutes(d.Clause) && act.Purpose is Purposes.StockQuery or Purposes.PriceQuery or Purposes.Order))
            if (draft.Product is { } product && act.Mutes(draft.Clause) && !context.Discussed.Contains(product)) context.Discussed.Add(product);
        var mine = new List<Entry>();
        foreach (var draft in used.Where(d => !d.Fallback))
            if (Make(draft, act, used, message) is { } entry) mine.Add(entry);
        Distribute(used, mine);
        foreach (var entry in mine) Place(entry, act);
    }

    /// <summary>All lines of the turn.</summary>
    public List<ReadLine> Finish(bool ordering, bool reordering)
    {
        AskForUnits();
        Merge();
        var lines = new List<ReadLine>();
        foreach (var entry in _entries) lines.AddRange(Finish(entry, ordering, reordering));
        return lines;
    }

    public IReadOnlyList<(string Op, decimal Factor, Product? Product, decimal? Quantity, string? Unit, ReadLine Line)> Changes(bool ordering)
    {
        AskForUnits();
        Merge();
        return [.. _entries.SelectMany(e => Finish(e, ordering, true).Select(l => (e.Op, e.Factor, l.Product, l.Quantity, l.Unit, l)))];
    }

    // Which verb belongs to which stretch: its own, else the one before ("remove oil and sugar"), else a Hindi verb at the end.
    private static void GiveOps(Speech speech, List<Draft> drafts)
    {
        var all = speech.Tokens;
        foreach (var draft in drafts)
        {
            var first = all.IndexOf(draft.Tokens[0]);
            var last = all.IndexOf(draft.Tokens[^1]);
            var cues = speech.Cues.Where(c => c.End > first - (draft == drafts[0] ? 0 : 1) && c.Start <= last).ToList();
            if (cues.FirstOrDefault(c => c.Sort == "double") is { } times && draft.Quantity is null) (draft.Op, draft.Factor) = (Ops.Times, Lexer.Number(times.Value));
            else if (draft.Quantity is not null && cues.Any(c => c.Sort == "remove" && IsJustNo(speech, c))) draft.Op = Ops.Set;
            else if (cues.Any(c => c.Sort is "remove" or "unwanted" or "cancel") && !(draft.Names.Count == 0 && draft.Quantity is not null)) draft.Op = Ops.Remove;
            else if (cues.Any(c => c.Sort == "add")) draft.Op = Ops.Add;
            else if (cues.Any(c => c.Sort == "set") || draft.Tokens.Any(t => t.Negated)) draft.Op = Ops.Set;
            draft.Fallback = speech.Of("fallback").Any(c => c.Start <= last && all.Take(c.Start).Any(t => t.IsNumber || !t.IsKnown) && SameSentence(all, c.Start, first));
        }

        for (var i = 1; i < drafts.Count; i++)
        {
            // "glue stick 2 aur jod do": a verb alone speaks of the name before it.
            if (drafts[i] is { HasName: false, Quantity: null, Op: Ops.Add or Ops.Remove } && drafts[i - 1] is { Op: Ops.Plain, HasName: true } && drafts[i].Clause == drafts[i - 1].Clause) drafts[i - 1].Op = drafts[i].Op;
            if (drafts[i] is { Op: Ops.Plain, Quantity: null, HasName: true } && drafts[i - 1] is { Op: Ops.Remove or Ops.Times } && drafts[i].Clause == drafts[i - 1].Clause)
                (drafts[i].Op, drafts[i].Factor) = (drafts[i - 1].Op, drafts[i - 1].Factor);
        }

        for (var i = drafts.Count - 2; i >= 0; i--)
            if (drafts[i] is { Op: Ops.Plain, Quantity: null, HasName: true } && drafts[i + 1].Op == Ops.Remove && drafts[i].Clause == drafts[i + 1].Clause) drafts[i].Op = Ops.Remove;
    }

    // "no, make it 5 tea": a bare no before a quantity corrects it; "no tea" takes the tea out.
    private static bool IsJustNo(Speech speech, Cue cue) => speech.Of("decline").Any(d => d.Start == cue.Start && d.End == cue.End);

    private static bool SameSentence(List<Token> tokens, int cue, int draft)
    {
        for (var i = cue; i < draft; i++)
            if (tokens[i].IsMark(".?!\n")) return false;
        return cue <= draft || draft >= 0;
    }

    // "100 wali 4", "de 24", "the big one", "red and blue pens": the name comes from the line before, else from the one after.
    private static void Complete(Drafter drafter, List<Draft> drafts)
    {
        for (var i = 0; i < drafts.Count; i++)
        {
            // "a box of screws 4x40 and two of 5x60": only the size is said again.
            if (i > 0 && drafts[i].Names.Count > 0 && drafts[i].Names.All(n => n.Text.Any(char.IsAsciiDigit)) && Head(drafts[i - 1]).Any(h => !h.Text.Any(char.IsAsciiDigit))) drafts[i].Elliptic = true;
            if (!LacksName(drafts[i])) continue;
            var before = i > 0 ? Head(drafts[i - 1]) : [];
            if (before.Count > 0 && drafter.ReadWith(drafts[i], before) is var again && Fits(again)) drafts[i] = again;
            else if (i + 1 < drafts.Count && Head(drafts[i + 1]) is { Count: > 0 } after && drafter.ReadWith(drafts[i], after) is var forward && Fits(forward))
            {
                forward.Elliptic = false;
                drafts[i] = forward;
            }
        }
    }

    private static bool Fits(Draft draft) => draft.Meaning is { Unexplained: 0, SizesMissed: 0, Candidates.Count: > 0 } && draft.Meaning.Matches.Any(m => m.Context > 0);

    private static bool LacksName(Draft draft)
    {
        var adjectives = draft.Names.Count > 0 && draft.Names.All(n => n.Is("same"));
        var sizeOnly = draft.Names.Count == 0 && draft.Numbers.Count > 0 && (draft.Numbers.Count >= 2 || draft.Quantity is null || draft.Tokens.Any(t => t.Is("mark") || t.Is("of")) || draft.Number is { Measure: not null });
        var withUnit = draft.Names.Count > 0 && !draft.Meaning.IsClear && draft.Meaning.Unexplained == 0 && draft.Tokens.Any(t => t.Is("of") || t.Is("mark")) && draft.Sizes.Count > 0;
        // "2 lemon and 3 rose soap": a word that only says which one.
        var modifier = draft.Names.Count > 0 && draft.Meaning is { IsClear: false, Unexplained: 0, Tier: 2 } && draft.Meaning.Matches.Where(m => m.Tier == 2).All(m => !m.Head);
        return modifier || (adjectives && !draft.Meaning.IsClear) || sizeOnly || withUnit || (draft.Names.Count > 0 && draft.Numbers.Count > 0 && !draft.Meaning.IsClear && draft.Meaning.Sizes > 0);
    }

    // The words that carry over: neither sizes nor colours.
    private static List<Token> Head(Draft draft)
    {
        var words = draft.Names.Concat(draft.Maybe.Where(m => m.Unit is null)).Where(n => !n.Is("same")).ToList();
        var plain = words.Where(n => !n.Text.Any(char.IsAsciiDigit)).ToList();
        return plain.Count > 0 ? plain : words;
    }

    private Entry? Make(Draft draft, Act act, List<Draft> drafts, int message)
    {
        var meaning = draft.Meaning;
        var entry = new Entry
        {
            Op = draft.Op, Factor = draft.Factor, Draft = draft, Message = message, MessageId = draft.Speech.MessageId, Words = draft.Words, Quantity = draft.Quantity, Unit = draft.Unit,
            Elliptic = draft.Elliptic, Product = meaning.Product, Candidates = meaning.Candidates,
        };
        entry.Why = $"\"{entry.Words}\": {Describe(meaning)}";
        if (context.OwnWord(draft.Names) is { } own)
        {
            (entry.Product, entry.Why) = (own, entry.Why + $"; the customer's own word for {own.Sku}");
            return entry;
        }

        if (!draft.HasName || (draft.Names.Count == 0 && meaning.Candidates.Count == 0)) return Nameless(draft, entry);
        if (meaning.Candidates.Count == 0) return Unfound(draft, act, drafts, entry);
        if (meaning.Unexplained > 0 || meaning.SizesMissed > 0) return Partly(draft, act, drafts, entry);
        return ByMeasure(draft) ?? entry;

        // "4 litres of it" may be one can or four bottles; "5 kg rice" where there is only one such bag asks how many.
        Entry? ByMeasure(Draft d)
        {
            if (d.Number is not null || d.Sizes is not [{ Measure: { } measure } amount] || !Measures.AddsUp(measure) || !BeforeName(d, amount)) return null;
            var fits = Matcher.Find(context.Vocabulary, d.Names, d.Maybe, [], []).Matches.Where(m => m.Explained == d.Names.Count && Parts(m.Product, amount) is not null).Select(m => m.Product).ToList();
            if (fits.Count < 2) return null;
            (entry.Product, entry.Candidates, entry.Amount) = (null, fits, true);
            return entry;
        }
    }

    private static bool BeforeName(Draft draft, Token number) =>
        draft.Names.Concat(draft.Maybe).All(n => n.Start > number.Start) && !draft.Tokens.SkipWhile(t => t != number).Skip(1).Take(1).Any(t => t.Is("mark"));

    // How many of a product make up a mass or volume: 4 litres are four bottles of one.
    private static decimal? Parts(Product product, Token amount)
    {
        foreach (var size in Names.Of(product).Forms[0].Words.Where(w => w is { Number: > 0, Measure: not null }))
            if (Measures.In(amount.Measure!, size.Measure!) is { } factor && amount.Value * factor / size.Number is { } parts && parts >= 1 && parts == decimal.Truncate(parts)) return parts;
        return null;
    }

    // A quantity or a unit alone; or nothing at all.
    private static Entry? Nameless(Draft draft, Entry entry)
    {
        if (draft.Quantity is null && draft.Unit is null && draft.Sizes.Count == 0 && draft.Op != Ops.Times && !(draft.Op == Ops.Remove && draft.That)) return null;
        // "quero fazer um pedido": one of nothing.
        if (draft is { Number: { Spelled: true, Value: 1 }, Unit: null } && draft.Speech.Tokens.Count > 2) return null;
        entry.NoName = true;
        entry.Product = null;
        return entry;
    }

    // Words that no product answers to: an unknown product where the rest looks like an order, chatter otherwise.
    private Entry? Unfound(Draft draft, Act act, List<Draft> drafts, Entry entry)
    {
        if (draft.Quantity is null || draft.Op is Ops.Remove) return null;
        var others = _entries.Count > 0 || drafts.Any(d => d != draft && d.Meaning.IsClear && d.Quantity is not null);
        var terse = draft.Names.Count <= 3 && draft.Tokens.Count(t => t.IsWord && t.IsKnown && t.Unit is null) <= 3;
        if (!NextTo(draft) || !Together(draft) || draft.Names.Count > 4 || !(others || act.Orders || terse)) return null;
        entry.Unknown = true;
        entry.Words = draft.Speech.Words(draft.Names);
        return entry;
    }

    // "reached in good condition" is no name: a name's words follow each other.
    private static bool Together(Draft draft)
    {
        var (first, last) = (-1, -1);
        for (var i = 0; i < draft.Tokens.Count; i++)
            if (draft.Names.Contains(draft.Tokens[i])) (first, last) = (first < 0 ? i : first, i);
        return Enumerable.Range(first, last - first + 1).All(i => draft.Names.Contains(draft.Tokens[i]) || draft.Tokens[i].Is("of") || draft.Maybe.Contains(draft.Tokens[i]));
    }

    // The name stands right beside the quantity, as in a line of an order.
    private static bool NextTo(Draft draft)
    {
        var tokens = draft.Tokens;
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens[i] != draft.Number && !(draft.Number is null && tokens[i].Unit is not null)) continue;
            for (var step = 1; step <= 3; step++)
            {
                if (i + step < tokens.Count && draft.Names.Contains(tokens[i + step]) && Between(tokens, i, i + step)) return true;
                if (i - step >= 0 && draft.Names.Contains(tokens[i - step]) && Between(tokens, i - step, i)) return true;
            }
        }

        return false;
    }

    private static bool Between(IReadOnlyList<Token> tokens, int from, int to)
    {
        for (var i = from + 1; i < to; i++)
            if (tokens[i].Unit is null && !tokens[i].Is("of") && !tokens[i].Is("link") && !tokens[i].Is("each")) return false;
        return true;
    }

    // Some words or numbers fit and some do not. Chatter away from the quantity is left out; a word beside the name may make
    // it another product, and that is asked.
    private Entry? Partly(Draft draft, Act act, List<Draft> drafts, Entry entry)
    {
        if (draft.Number is { Measure: not null } || draft.Sizes.Any(s => s.Measure is { } m && Measures.AddsUp(m)))
        {
            entry.Amount = draft.Meaning.SizesMissed > 0;
            if (draft.Meaning.Unexplained == 0) return AskWhich(entry);
        }

        if (WithoutChatter(draft) is { } meaning)
        {
            (entry.Product, entry.Candidates) = (meaning.Product, meaning.Candidates);
            if (meaning.SizesMissed == 0) return entry;
        }

        if (draft.Quantity is null && draft.Op != Ops.Remove) return act.Orders && draft.Meaning.Unexplained == 0 ? AskWhich(entry) : null;
        if (draft.Meaning.Unexplained == 0) return AskWhich(entry);
        if (draft.Op == Ops.Remove) return entry.Candidates.Count > 0 ? AskWhich(entry) : null;
        if (draft.Names.All(n => n.Is("same") || context.Vocabulary.Like(n.Text, null).Count > 0)) return AskWhich(entry);
        var whole = draft.Meaning.Tier >= 4 && draft.Meaning.Candidates.Count == 1;
        if (whole) return AskWhich(entry);
        return Unfound(draft, act, drafts, entry);
    }

    private static Entry AskWhich(Entry entry)
    {
        entry.Product = null;
        entry.Weak = true;
        return entry;
    }

    // "boss kindly arrange 5 ghee", "5 ghee for tomorrow's function": unknown words beyond the number, or three and more after the name.
    private Meaning? WithoutChatter(Draft draft)
    {
        var known = draft.Names.Where(n => context.Vocabulary.Like(n.Text, n.ValueOf("same")).Count > 0).ToList();
        if (known.Count == 0 || known.Count == draft.Names.Count) return null;
        if (draft.Quantity is null && known.Any(n => !context.Vocabulary.Knows(n.Text))) return null;
        var number = draft.Number?.Start ?? -1;
        var (first, last) = (known[0].Start, known[^1].Start);
        foreach (var odd in draft.Names.Except(known))
        {
            var beyond = number >= 0 && (odd.Start < number != first < number);
            var trailing = odd.Start > last && draft.Names.Count(n => n.Start > last) >= 3;
            var leading = odd.Start < first && (number < 0 || number > last) && draft.Names.Count(n => n.Start < first) >= 3;
            if (!beyond && !trailing && !leading) return null;
        }

        return Matcher.Find(context.Vocabulary, known, draft.Maybe, draft.Sizes, []) is { Unexplained: 0 } meaning ? meaning : null;
    }

    // "2 sets each", "5 each: oil, sugar", "everything in cartons".
    private static void Distribute(List<Draft> drafts, List<Entry> entries)
    {
        foreach (var each in entries.Where(e => e.Draft!.Each && e.Quantity is not null).ToList())
        {
            var open = entries.Where(e => e != each && e.Quantity is null && !e.NoName && e.Op is Ops.Plain or Ops.Add).ToList();
            foreach (var entry in open) (entry.Quantity, entry.Unit, entry.Elliptic) = (each.Quantity, entry.Unit ?? each.Unit, true);
            if (each.NoName && open.Count > 0) entries.Remove(each);
        }

        foreach (var all in entries.Where(e => e.NoName && e.Draft!.All && e.Unit is not null && e.Draft.Number is null).ToList())
        {
            var open = entries.Where(e => e != all && e.Unit is null && !e.NoName && e.Quantity is not null).ToList();
            foreach (var entry in open) entry.Unit = all.Unit;
            if (open.Count > 0) entries.Remove(all);
        }
    }

    private void Place(Entry entry, Act act)
    {
        if (Answers(entry)) return;
        if (entry.NoName) PlaceNameless(entry, act);
        else
        {
            // "hey / 3 cartons / car shampoo": the quantity came before the name.
            if (entry.Quantity is null && _entries.LastOrDefault() is { NoName: true, Quantity: not null } waiting && entry.Op == Ops.Plain)
            {
                (entry.Quantity, entry.Unit) = (waiting.Quantity, waiting.Unit);
                entry.Words = waiting.Message == entry.Message ? entry.Words : $"{waiting.Words} {entry.Words}";
                _entries.Remove(waiting);
            }

            _entries.Add(entry);
            if (entry.Product is { } product && !context.Discussed.Contains(product)) context.Discussed.Add(product);
        }
    }

    private void PlaceNameless(Entry entry, Act act)
    {
        var last = _entries.LastOrDefault(e => !e.NoName);
        if (entry.Draft!.Both && context.Discussed.Count >= 2 && entry.Quantity is not null)
        {
            foreach (var product in context.Discussed.TakeLast(2)) _entries.Add(Copy(entry, product, "both that were talked about"));
            return;
        }

        if (last is { Quantity: null, Op: Ops.Plain or Ops.Add or Ops.Set } && entry.Op is Ops.Plain or Ops.Set && entry.Quantity is not null)
        {
            (last.Quantity, last.Unit) = (entry.Quantity, entry.Unit);
            last.Why += $"; quantity from \"{entry.Words}\"";
            return;
        }

        if (entry.Op == Ops.Times && last is null && context.Basket.Lines.Count == 0) return;
        // A unit in passing ("my box number") says nothing; a bare quantity after a complete line changes it only where something says so.
        if (entry.Draft.Number is null && entry.Op is Ops.Plain && !entry.Draft.Both) return;
        var plain = entry.Op == Ops.Plain && !entry.Draft.Speech.Tokens.Any(t => t.Negated);
        if (plain && last is { Product: not null, Quantity: not null } && last.Message == entry.Message)
        {
            if (entry.Draft.Tokens.Count <= 4) _entries.Add(entry);
            return;
        }

        if (Target(entry, last) is { } target)
        {
            if (last is not null && last.Product == target && entry.Op is Ops.Plain or Ops.Set)
            {
                (last.Quantity, last.Unit) = (entry.Quantity ?? last.Quantity, entry.Unit ?? last.Unit);
                return;
            }

            _entries.Add(Copy(entry, target, "what was talked about"));
            return;
        }

        entry.Candidates = [.. context.InBasket.Take(5)];
        if (entry.Quantity is not null && (act.Orders || entry.Unit is not null || context.Basket.Lines.Count > 0 || entry.Draft.Tokens.Count <= 3)) _entries.Add(entry);
        else if (entry.Op == Ops.Remove && entry.Candidates.Count > 0) _entries.Add(entry);
    }

    // Which line "make it 3", "7 not 4", "4 more of the same" speaks of.
    private Product? Target(Entry entry, Entry? last)
    {
        var wrong = entry.Draft!.Tokens.Concat(entry.Draft.Speech.Tokens).FirstOrDefault(t => t.Negated)?.Value;
        if (wrong is not null && context.Basket.Lines.Where(l => l.Quantity == wrong || l.BaseQuantity == wrong * 1000).ToList() is [var only]) return context.Find(only.Sku);
        if (last?.Product is not null && (entry.Op != Ops.Plain || wrong is not null)) return last.Product;
        if (context.InBasket.Count == 1 && (entry.Op != Ops.Plain || wrong is not null || context.Discussed.Count == 0)) return context.InBasket[0];
        if (context.InBasket.Count > 1 && entry.Op != Ops.Plain && !(context.Discussed is [var one] && context.InBasket.Contains(one))) return null;
        return context.Discussed.Count == 1 ? context.Discussed[0] : null;
    }

    private static Entry Copy(Entry from, Product product, string why) => new()
    {
        Op = from.Op, Factor = from.Factor, Draft = from.Draft, Message = from.Message, MessageId = from.MessageId, Words = from.Words, Quantity = from.Quantity, Unit = from.Unit, Elliptic = true,
        Product = product, Candidates = [product], Why = $"\"{from.Words}\": {product.Sku}, {why}",
    };

    // An answer meets its question: which product, how many, which unit.
    private bool Answers(Entry entry)
    {
        foreach (var entryOpen in _entries.Where(e => e is { Product: null, NoName: false, Unknown: false } && e.Message < entry.Message && e.Candidates.Count > 1).ToList())
            if (Chosen(entry, entryOpen.Candidates) is { } chosen)
            {
                (entryOpen.Product, entryOpen.Weak) = (chosen, false);
                (entryOpen.Quantity, entryOpen.Unit) = (QuantityOf(entry, entryOpen.Quantity) ?? entryOpen.Quantity, entry.Draft!.Number is { Measure: null } ? entry.Unit ?? entryOpen.Unit : entryOpen.Unit);
                entryOpen.Why += $"; \"{entry.Words}\" chose {chosen.Sku}";
                return true;
            }

        foreach (var pending in _pending.Where(p => !p.Answered))
            if (Answer(entry, pending)) return pending.Answered = true;
        return false;
    }

    private bool Answer(Entry entry, Pending pending)
    {
        var open = pending.Open;
        if (open.Asks == OpenLine.Product)
        {
            var candidates = open.Candidates.Select(context.Find).OfType<Product>().ToList();
            if (entry.NoName && entry.Quantity is not null && open.Quantity is null && Chosen(entry, candidates) is null) return false;
            if (Chosen(entry, candidates) is not { } chosen) return false;
            _entries.Add(new Entry
            {
                Product = chosen, Candidates = [chosen], Quantity = QuantityOf(entry, open.Quantity) ?? open.Quantity, Unit = entry.Draft!.Number is { Measure: null } && !entry.NoName ? entry.Unit ?? open.Unit : entry.Unit is not null && entry.Draft.Number is { Measure: null } ? entry.Unit : open.Unit,
                Words = Said(open, entry), MessageId = entry.MessageId, Answer = true, Elliptic = true, Why = $"\"{entry.Words}\" answers which \"{open.Words}\": {chosen.Sku}", Draft = entry.Draft, Message = entry.Message,
            });
            return true;
        }

        if (context.Find(open.Sku) is not { } product) return false;
        if (!entry.NoName && entry.Product != product) return false;
        if (entry.Quantity is null && entry.Unit is null) return false;
        var quantity = open.Asks == OpenLine.UnitOf && entry.Draft!.Number is null ? open.Quantity ?? entry.Quantity : entry.Quantity;
        _entries.Add(new Entry
        {
            Product = product, Candidates = [product], Quantity = quantity, Unit = entry.Unit ?? open.Unit, Words = Said(open, entry), MessageId = entry.MessageId, Answer = true, Elliptic = true,
            Why = $"\"{entry.Words}\" answers {open.Asks} of {product.Sku}", Draft = entry.Draft, Message = entry.Message,
        });
        return true;
    }

    private static string Said(OpenLine open, Entry entry) => open.Words.Length == 0 || entry.Words.Contains(open.Words, StringComparison.OrdinalIgnoreCase) ? entry.Words : $"{open.Words} → {entry.Words}";

    private static decimal? QuantityOf(Entry entry, decimal? known) =>
        entry.NoName && known is not null ? null : entry.Draft!.Number is { Measure: null } ? entry.Quantity : null;

    // One of the candidates, by what the answer adds: a word, a colour, a size.
    private Product? Chosen(Entry entry, IReadOnlyList<Product> candidates)
    {
        var draft = entry.Draft!;
        var words = draft.Names.Concat(draft.Maybe).Where(n => context.Vocabulary.Like(n.Text, n.ValueOf("same")).Count > 0).ToList();
        if (draft.Names.Except(words).Any() && words.Count == 0) return null;
        for (var withNumbers = 1; withNumbers >= 0; withNumbers--)
        {
            IReadOnlyList<Token> sizes = withNumbers == 1 ? draft.Numbers : draft.Sizes;
            if (words.Count == 0 && sizes.Count == 0) continue;
            var meaning = Matcher.Find(context.Vocabulary, words, [], sizes, []);
            if (meaning.SizesMissed > 0) continue;
            var fit = meaning.Matches.Where(m => candidates.Contains(m.Product) && m.Explained == words.Count && m.Sizes == sizes.Count).ToList();
            if (fit.Count == 0) continue;
            var top = fit.Max(m => m.Tier);
            var best = fit.Where(m => m.Tier == top || words.Count == 0).ToList();
            if (best.Count == 1) return best[0].Product;
        }

        return null;
    }

    // "fuse 10 - 3 box / fuse 15 - 1": one line of a kind without the unit that all the others have is a doubt.
    private void AskForUnits()
    {
        foreach (var entry in _entries.Where(e => e is { Product: not null, Unit: null, Quantity: not null, Elliptic: false, Op: Ops.Plain or Ops.Add }))
        {
            var kin = _entries.Where(e => e != entry && e.Product is not null && e.Product != entry.Product && e.Message == entry.Message && SameKind(e.Product, entry.Product!)).ToList();
            if (kin.Count > 0 && kin.All(e => Units.IsBigger(e.Product!, e.Unit)) && entry.Product!.Packs.Count > 0) entry.Unit = "?";
        }

        // What a shortened line takes from the line before is the unit too.
        for (var i = 1; i < _entries.Count; i++)
            if (_entries[i] is { Elliptic: true, Answer: false, Unit: null, Quantity: not null, Product: { } product } && _entries[i - 1] is { Unit: { } unit and not "?", Quantity: { } count } && !(unit == "dozen" && count != decimal.Truncate(count)) && _entries[i - 1].Product is { } before && SameKind(before, product) && Units.Of(product, 1, unit) is not null)
                _entries[i].Unit = unit;
    }

    private static bool SameKind(Product a, Product b)
    {
        var (x, y) = (Plain(a), Plain(b));
        var both = x.Intersect(y).Count();
        return both > 0 && both * 2 >= x.Union(y).Count();

        static HashSet<string> Plain(Product p) => [.. Names.Of(p).Forms[0].Words.Where(w => w is { Weight: >= 1, Same: null } && !w.Text.Any(char.IsAsciiDigit)).Select(w => w.Text)];
    }

    // A product that was named once without and once with a quantity is one line; the same line twice adds up in the basket.
    private void Merge()
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            var entry = _entries[i];
            // Chatter that only resembles a name, beside lines that are none.
            if (entry is { NoName: false, Unknown: false, Quantity: null, Op: Ops.Plain or Ops.Set, Draft: { } draft } && draft.Names.Any(n => !context.Vocabulary.Knows(n.Text)) && _entries.Any(e => e != entry && e is { Product: not null, Quantity: not null }))
            {
                _entries.RemoveAt(i);
                continue;
            }

            if (entry is { Product: { } product, Quantity: null, Op: Ops.Plain or Ops.Set or Ops.Add } && _entries.Any(e => e != entry && e.Product == product && (e.Quantity is not null || e.Op != Ops.Plain))) _entries.RemoveAt(i);
        }
    }

    private IEnumerable<ReadLine> Finish(Entry entry, bool ordering, bool reordering)
    {
        if (entry.Unknown) return [Line(entry, entry.Op, OpenLine.Unknown, "no product of this name")];
        if (entry.Product is null) PreferBasket(entry, reordering);
        if (entry.Op is Ops.Remove or Ops.Times && entry.Product is null && !reordering && context.Basket.Lines.Count == 0) return [];
        if (entry.Product is null)
            return entry.Quantity is null && !ordering ? [] : [Line(entry, OpOf(entry), OpenLine.Product, entry.NoName ? "no product was named" : "more than one product may be meant")];
        return reordering ? [Change(entry)] : Resolved(entry, ordering);
    }

    private IEnumerable<ReadLine> Resolved(Entry entry, bool ordering)
    {
        var product = entry.Product!;
        var inBasket = context.Line(product.Sku);
        switch (entry.Op)
        {
            case Ops.Remove when entry.Quantity is { } less && inBasket is not null && Units.Of(product, less, entry.Unit) is { } part && product.BaseUnitsIn(part.Unit) * part.Quantity * 1000 is { } units && units < inBasket.BaseQuantity:
                return [new ReadLine("set", product, (inBasket.BaseQuantity - units) / 1000, product.Unit, entry.Words, entry.MessageId, [], "", entry.Why + "; takes a part away")];
            case Ops.Remove:
                return inBasket is null ? [] : [Line(entry, "remove", "", "taken out")];
            case Ops.Times:
                return inBasket is null ? [] : [new ReadLine("set", product, inBasket.Quantity * entry.Factor, inBasket.Unit, entry.Words, entry.MessageId, [], "", entry.Why + $"; times {entry.Factor}")];
        }

        if (entry.Quantity is null) return ordering ? [Line(entry, OpOf(entry), OpenLine.QuantityOf, "no quantity was said")] : [];
        return [Change(entry)];
    }

    // A quantity in the product's own units, or the question that stands in its way.
    private ReadLine Change(Entry entry)
    {
        var product = entry.Product!;
        if (entry.Quantity is not { } quantity) return entry.Op is Ops.Remove or Ops.Times ? Line(entry, entry.Op == Ops.Remove ? "remove" : "set", "", "") : Line(entry, OpOf(entry), OpenLine.QuantityOf, "no quantity was said");
        // "make it 3" keeps the unit of the line.
        var said = entry.Unit ?? (entry.Elliptic && entry.Op == Ops.Set || entry.Draft is { HasName: false } ? context.Line(product.Sku)?.Unit : null);
        if (said == "?") return Line(entry, OpOf(entry), OpenLine.UnitOf, "its neighbours have a unit, this one has none");
        if (Units.Of(product, quantity, said) is not { } units)
            return Measures.In(said!, "kg") is not null || Measures.In(said!, "l") is not null || Measures.In(said!, "m") is not null
                ? Line(entry, OpOf(entry), OpenLine.QuantityOf, $"{quantity}{said} is a size, not a number of {product.Unit}")
                : Line(entry, OpOf(entry), OpenLine.UnitOf, $"{product.Sku} is not sold by {said}");
        if (IsAbsurd(product, units) || Basket.BaseQuantity(product, units.Quantity, units.Unit) is null) return Line(entry, OpOf(entry), OpenLine.QuantityOf, $"{quantity} {units.Unit} cannot be");
        return new ReadLine(OpOf(entry), product, units.Quantity, units.Unit, entry.Words, entry.MessageId, [], "", entry.Why);
    }

    private static bool IsAbsurd(Product product, (decimal Quantity, string Unit) units) =>
        product.BaseUnitsIn(units.Unit) * units.Quantity > Math.Max(10_000m, 1_000m * product.Packs.Select(p => p.BaseUnits).DefaultIfEmpty(1).Max());

    // Said again without "more", a product that is in the basket gets the new quantity; it does not add up silently.
    private string OpOf(Entry entry) => entry.Op switch
    {
        Ops.Add => "add",
        Ops.Set => "set",
        Ops.Remove => "remove",
        _ => entry.Product is { } product && context.Line(product.Sku) is not null ? "set" : "add",
    };

    // "take out the ruler": the one in the basket is meant.
    private void PreferBasket(Entry entry, bool reordering)
    {
        if (entry.Op == Ops.Plain || entry.NoName) return;
        var here = reordering ? context.InLastOrder : context.InBasket;
        var matches = entry.Draft!.Meaning.Matches.Where(m => m.Explained > 0 && here.Contains(m.Product)).Select(m => m.Product).Distinct().ToList();
        if (matches.Count == 1) (entry.Product, entry.Weak) = (matches[0], false);
        else if (matches.Count > 1) entry.Candidates = matches;
    }

    private static ReadLine Line(Entry entry, string op, string asks, string why)
    {
        var words = entry.Draft is { Names.Count: > 0 } draft && asks is OpenLine.Product or OpenLine.Unknown ? entry.Draft!.Speech.Words(entry.Draft.Names) : entry.Words;
        var unit = entry.Unit == "?" ? null : entry.Unit;
        return new ReadLine(op, entry.Product, entry.Quantity, asks.Length == 0 && entry.Product is not null ? entry.Product.Unit : unit, words, entry.MessageId, [.. entry.Candidates.Take(5)], asks, why.Length > 0 ? $"{entry.Why}; {why}" : entry.Why);
    }

    private static string Describe(Meaning meaning) =>
        meaning.Matches.Count == 0 ? "no product" : string.Join(", ", meaning.Matches.Take(5).Select(m => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{m.Product.Sku} (tier {m.Tier}, like {m.Likeness:0.00}, words {m.Explained}, sizes {m.Sizes})")));
}
