namespace Sak.Agent.Catalog;

/// <summary>A file was not imported and nothing was changed; the message lists what is wrong with it.</summary>
internal sealed class ImportException(string message) : Exception(message);
