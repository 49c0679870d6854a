namespace Sak.Agent.Sync;

/// <summary>
/// How the connection to the cloud is. Off: no address is set. Loading: the first load is under way. Away: the cloud
/// can't be reached. Refused: it does not accept this PC.
/// </summary>
public enum CloudState { Off, Connected, Loading, Away, Refused }
