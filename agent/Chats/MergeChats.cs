using Microsoft.Data.Sqlite;
using Sak.Agent.WhatsApp;

namespace Sak.Agent.Chats;

/// <summary>Moves a customer's orders and prices to another customer: the same person under another id.</summary>
public delegate void MoveCustomer(SqliteConnection connection, Guid from, Guid to);

/// <summary>
/// One chat for each person. When the phone behind a hidden id is learned, everything under the hidden id moves into
/// the phone's chat: messages, turns, replies, the basket, the orders, the customer's words and prices.
/// </summary>
internal sealed class MergeChats(MoveCustomer move)
{
    /// <summary>The message in its person's chat, under the id by which it may have been stored before.</summary>
    public WhatsAppMessage InPersonsChat(SqliteConnection connection, WhatsAppMessage message)
    {
        var chat = HiddenIds.ChatOf(connection, message.ChatId);
        if (HiddenIds.IsHidden(chat) && message.Phone.Length > 0) chat = LearnPhone(connection, chat, message.Phone);
        var id = HiddenIds.MessageIdOf(connection, message.Id, chat, message.SentAt);
        var stored = id == message.Id ? null : Messages.ChatOf(connection, id);
        return stored is null || stored == chat
            ? message with { ChatId = chat, Id = id }
            // Stored under the other name, and WhatsApp has not said that both are the same person.
            : message with { ChatId = stored, Id = id, Phone = "" };
    }

    private string LearnPhone(SqliteConnection connection, string hidden, string phone)
    {
        var chat = $"{phone}@c.us";
        HiddenIds.Learn(connection, hidden, chat);
        if (ChatBook.Exists(connection, hidden)) Merge(connection, hidden, chat, phone);
        return chat;
    }

    private void Merge(SqliteConnection connection, string hidden, string chat, string phone)
    {
        var hiddenCustomer = ChatBook.CustomerOf(connection, hidden);
        var bothWrote = ChatBook.Exists(connection, chat);
        // The cloud may know the phone's customer, even where no chat under the phone is on this PC.
        var customer = bothWrote ? ChatBook.CustomerOf(connection, chat)
            : Customers.OfChat(connection, chat) ?? hiddenCustomer;
        if (!bothWrote) ChatBook.Copy(connection, hidden, chat, customer);
        if (customer == hiddenCustomer) Customers.LearnPhone(connection, customer, chat, phone);
        Messages.MoveChat(connection, hidden, chat);
        Turns.MoveChat(connection, hidden, chat);
        Outbox.MoveChat(connection, hidden, chat);
        var draft = ChatBook.DraftOfEither(connection, hidden, chat);
        if (bothWrote) ChatBook.Join(connection, hidden, chat);
        if (customer != hiddenCustomer) MergeCustomers(connection, hiddenCustomer, customer);
        ChatBook.Delete(connection, hidden);
        // A number belongs to one chat, so it moves last; the basket that waits for the owner keeps waiting.
        ChatBook.SetDraft(connection, chat, draft);
    }

    // The phone's customer stays.
    private void MergeCustomers(SqliteConnection connection, Guid hidden, Guid kept)
    {
        move(connection, hidden, kept);
        ChatBook.MoveCustomer(connection, hidden, kept);
        Customers.Merge(connection, hidden, kept);
    }
}
