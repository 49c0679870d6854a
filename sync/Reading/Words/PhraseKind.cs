namespace Sak.Sync.Reading.Words;

/// <summary>
/// What a word or phrase of a language table says. In the tables' first column the name is written in snake_case.
/// </summary>
internal enum PhraseKind
{
    // What a single word is.

    /// <summary>"five", "half a"; its value is the number.</summary>
    Number,

    /// <summary>"hundred", "lakh"; its value is what the number before it is multiplied by.</summary>
    Multiplier,

    /// <summary>"and a half"; its value is added to the number before it.</summary>
    PlusFraction,

    /// <summary>"sadhe", "paune": what it adds to the whole number behind it, 0.5 or -0.25.</summary>
    PlusBefore,

    /// <summary>"boxes", "cajas"; its value is the unit's one name ("box").</summary>
    Unit,

    /// <summary>"plate", "slice": a unit only where the shop sells by it, else part of a name.</summary>
    ShopUnit,

    /// <summary>"kilo", "ml"; its value is the measure's one name ("kg").</summary>
    Measure,

    /// <summary>"rupees", "$": the number beside it is a sum.</summary>
    Money,

    /// <summary>"and".</summary>
    And,

    /// <summary>"each".</summary>
    Each,

    /// <summary>"both".</summary>
    Both,

    /// <summary>"everything".</summary>
    All,

    /// <summary>"it", "that one": the product that was spoken of.</summary>
    Pronoun,

    /// <summary>"ones", "type", "size": the number beside it is a size ("the 500 ones").</summary>
    SizeNoun,

    /// <summary>"of".</summary>
    Of,

    /// <summary>"red", "large"; its value is the same English word in every language.</summary>
    Adjective,

    /// <summary>"the first one": a place among the choices of a question; its value is the place, 0 the last.</summary>
    Ordinal,

    /// <summary>"the", "please", "bhai": says nothing about what is ordered, wherever it is written.</summary>
    Filler,

    /// <summary>"evening", "office": a word of every day, and a name only where the catalog has it.</summary>
    CommonWord,

    /// <summary>"or".</summary>
    Or,

    /// <summary>"if", "but".</summary>
    IfOrBut,

    /// <summary>"=".</summary>
    EqualsSign,

    /// <summary>"to", "near": a place or a time follows.</summary>
    Preposition,

    /// <summary>"par", "ko": a place or a time is before it.</summary>
    Postposition,

    /// <summary>"no", "nr" before a number that names something ("shop no 9").</summary>
    NumberSign,

    /// <summary>"gate", "at": the number after it is no quantity.</summary>
    NotQuantityPrefix,

    /// <summary>"pm", "days": the number before it is no quantity.</summary>
    NotQuantitySuffix,

    // What becomes of a line.

    /// <summary>"send", "need".</summary>
    Order,

    /// <summary>"please", "could you".</summary>
    Polite,

    /// <summary>"also", "another": more of it.</summary>
    Add,

    /// <summary>"take out", "without".</summary>
    Remove,

    /// <summary>"with", "without", "hold the": how the thing before it is wanted.</summary>
    Remark,

    /// <summary>"3 fewer", "2 menos": so much less than there was.</summary>
    Fewer,

    /// <summary>"make it", "only": the new quantity.</summary>
    Set,

    /// <summary>"replace * with".</summary>
    Swap,

    /// <summary>"instead of": what follows is replaced.</summary>
    InsteadOfPrefix,

    /// <summary>"ki jagah": what is before it is replaced.</summary>
    InsteadOfSuffix,

    /// <summary>"double the", "half the"; its value is the factor.</summary>
    Factor,

    /// <summary>"another of the same".</summary>
    OneMore,

    /// <summary>"the same again of": the quantity of the line before.</summary>
    AsMany,

    /// <summary>"clear everything".</summary>
    ClearBasket,

    /// <summary>"don't want".</summary>
    Unwanted,

    /// <summary>"or else": what follows is wanted only if the other is not there.</summary>
    Fallback,

    /// <summary>"if you have".</summary>
    Conditional,

    /// <summary>"for my", "near the": says what the goods are for or where they go.</summary>
    UsedFor,

    /// <summary>"not", "i said": the number after it is the wrong one.</summary>
    NegationPrefix,

    /// <summary>"was wrong": the number before it is the wrong one.</summary>
    NegationSuffix,

    // What the customer wants with the message.

    /// <summary>"cancel my order".</summary>
    Cancel,

    /// <summary>"yes", "go ahead".</summary>
    Confirm,

    /// <summary>"it", "my order", "bhai": a word that leaves a yes beside it plain; any other takes it back.</summary>
    BesideYes,

    /// <summary>"no", "wait".</summary>
    Decline,

    /// <summary>"same as last time".</summary>
    Reorder,

    /// <summary>"best price", "discount".</summary>
    Negotiate,

    /// <summary>"price", "cost": may ask for a price.</summary>
    PriceHint,

    /// <summary>"what is the price of": asks for a price, whatever else is written.</summary>
    PriceQuestion,

    /// <summary>"do you have".</summary>
    StockQuestion,

    /// <summary>"where is my order".</summary>
    StatusQuestion,

    /// <summary>"paid", "bill": may speak of a payment.</summary>
    PaymentHint,

    /// <summary>"i have paid": speaks of a payment, whatever else is written.</summary>
    Payment,

    /// <summary>"i sent": money, where a sum is next to it.</summary>
    MoneySent,

    /// <summary>"speak to": may ask for a person.</summary>
    HandoverHint,

    /// <summary>"talk to a person": asks for one, whatever else is written.</summary>
    Handover,

    /// <summary>"broken", "expired".</summary>
    Complaint,

    /// <summary>"of the", between two numbers: "3 of the 10 don't work".</summary>
    PartOf,

    /// <summary>"but", "only": what came differs from what was asked for.</summary>
    Contrast,

    /// <summary>"yesterday", "already ordered".</summary>
    Past,

    /// <summary>"my neighbour", "bought": says what somebody did or has.</summary>
    Narration,

    /// <summary>"might need", "thinking of".</summary>
    Undecided,

    /// <summary>"not", "never".</summary>
    Not,

    /// <summary>"?", "which".</summary>
    Question,

    /// <summary>"is", "do", where a clause begins with it.</summary>
    QuestionStart,

    /// <summary>"opening time", "weather".</summary>
    OtherTopic,

    /// <summary>"your instructions", "your status": about SAK itself, or what the shop shows on WhatsApp.</summary>
    AboutSak,

    /// <summary>"special offer", "click here".</summary>
    Advert,

    /// <summary>"wrong number", "sent by mistake".</summary>
    WrongChat,

    /// <summary>"stop messaging": wants no more messages.</summary>
    Stop,

    /// <summary>"thank you".</summary>
    Thanks,

    /// <summary>"good morning".</summary>
    Greeting,

    // What a reply says.

    /// <summary>"total", "free": a figure beside it is a price.</summary>
    PriceWord,
}
