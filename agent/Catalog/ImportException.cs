namespace Sak.Agent.Catalog;

/// <summary>A file that can't be taken: nothing was changed, and the message lists its faults by line.</summary>
internal sealed class ImportException(string message) : Exception(message);
