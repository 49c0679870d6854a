namespace Microsoft.SqlServer.Server;

/// <summary>How a CLR user type is stored; SqlClient asks for the names, SAK has no such types.</summary>
public enum Format { Unknown, Native, UserDefined }

/// <summary>Reads and writes a CLR user type.</summary>
public interface IBinarySerialize
{
    void Read(BinaryReader r);
    void Write(BinaryWriter w);
}

/// <summary>Raised for a malformed CLR user type.</summary>
public sealed class InvalidUdtException : SystemException;

/// <summary>Marks a CLR user type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;
    public int MaxByteSize { get; set; }
    public bool IsFixedLength { get; set; }
    public bool IsByteOrdered { get; set; }
    public string? Name { get; set; }
    public string? ValidationMethodName { get; set; }
}
