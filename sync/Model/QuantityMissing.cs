using System.Text.Json.Serialization;

namespace Sak.Sync.Model;

/// <summary>What a product that is ordered without a number means in this shop.</summary>
[JsonConverter(typeof(EnumTextConverter<QuantityMissing>))]
public enum QuantityMissing
{
    /// <summary>How many is asked.</summary>
    Ask,

    /// <summary>One, as in a café: "a cheeseburger and onion rings". The confirmation says it back.</summary>
    One,
}
