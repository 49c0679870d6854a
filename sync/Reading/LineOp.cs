namespace Sak.Sync.Reading;

/// <summary>What is done to a product.</summary>
public enum LineOp
{
    /// <summary>Only a quantity was said.</summary>
    Plain,

    /// <summary>The quantity on top of what the basket holds.</summary>
    Add,

    /// <summary>The new quantity.</summary>
    Set,

    Remove,

    /// <summary>"Double the rice": so many times what the basket holds.</summary>
    Multiply,
}
