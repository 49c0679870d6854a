using System.Collections.Concurrent;
using System.Text;

namespace Sak.Tools.FakeWhatsApp;

/// <summary>The files of messages on WhatsApp's server.</summary>
internal sealed partial class Server
{
    private readonly ConcurrentDictionary<string, MediaFile> _files = new();

    /// <summary>The file of a message; null when there is none, or when this download fails.</summary>
    public MediaFile? FileOf(string id) =>
        Faults.Use("failed download", Faults.FailDownloads, n => Faults.FailDownloads = n)
            ? null
            : _files.GetValueOrDefault(id);

    /// <summary>Completes the message with what its type needs, and stores its file.</summary>
    public StoredMessage WithMedia(StoredMessage stored, CustomerMessage message)
    {
        if (message.Type == "order")
            return stored with
            {
                Caption = null, Message = message.Text, Basket = message.Basket ?? [],
                ItemCount = message.Basket?.Sum(b => b.Quantity) ?? 0, OrderId = $"order {stored.Id}", Token = "token",
            };
        if (message.Type == "product") return stored with { Caption = null, Title = message.Text };
        if (message.Type is "location" or "live_location")
            return stored with { Lat = message.Place.Latitude, Lng = message.Place.Longitude };
        if (message.Type == "vcard")
            return stored with { Body = $"BEGIN:VCARD\nVERSION:3.0\nFN:{message.Name}\nEND:VCARD" };
        if (message.File is null && MimeOf(message.Type).Length == 0) return stored;
        var file = _files[stored.Id] = message.File
            ?? new MediaFile(Encoding.UTF8.GetBytes($"{message.Type} of {message.Name}: {stored.Id}"),
                MimeOf(message.Type));
        return stored with
        {
            Mimetype = file.Mime,
            Size = file.Content.LongLength,
            Filename = file.Name.Length > 0 ? file.Name : null,
        };
    }

    private static string MimeOf(string type) => type switch
    {
        "ptt" or "audio" => "audio/ogg; codecs=opus",
        "image" => "image/jpeg",
        "sticker" => "image/webp",
        "video" => "video/mp4",
        "document" => "application/pdf",
        _ => "",
    };
}
