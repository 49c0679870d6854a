namespace Sak.Sync.Wire;

/// <summary>
/// <c>POST /api/number</c>: a PC asks to be, or to stay, the one that answers the shop's WhatsApp number.
/// </summary>
/// <param name="Number">Digits; empty when WhatsApp does not say it.</param>
/// <param name="Device">The PC, the same at every start: "replica@name", at most 100 characters.</param>
/// <param name="TakeOver">The owner wants this PC to answer, whoever holds the number.</param>
public sealed record LeaseRequest(string Number, string Device, bool TakeOver = false)
{
    public const int MaxNumber = 20;
    public const int MaxDevice = 100;
}

/// <param name="Mine">True: the one who asked answers from now on.</param>
/// <param name="Device">Who answers.</param>
/// <param name="Seconds">So long, if the holder does not ask again before.</param>
public sealed record LeaseAnswer(bool Mine, string Device, double Seconds);
