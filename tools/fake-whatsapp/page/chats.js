// Chats, contacts and messages in the page's memory. Only the last message of a chat is loaded at start; older ones are
// read from the store when someone asks, as in the real page.
import { BaseCollection, BaseModel } from './models.js';
import { MsgKey, createWid } from './identity.js';
import { me } from './account.js';
import * as store from './store.js';

export class Contact extends BaseModel {
  get formattedShortName() { return this.attributes?.pushname; }
}
Contact.prototype.proxyName = 'contact';

export class Msg extends BaseModel {
  get isNotification() { return this.type.endsWith('notification'); }

  // wa-js asks for the data first, then for the download, then for the data again.
  get mediaData() {
    if (!this.mimetype) return undefined;
    const message = this;
    return { mimetype: this.mimetype, get mediaBlob() { return message.blob && { forceToBlob: () => message.blob }; } };
  }

  async downloadMedia() {
    const answer = await window.fetch(`control/media?id=${encodeURIComponent(this.id)}`);
    if (!answer.ok) throw new Error(`The stand-in's server answered ${answer.status} for a file`);
    this.blob = await answer.blob();
  }

  updateAck(ack) {
    this.set({ ack });
    return store.update(String(this.id), { ack });
  }

  msgContextInfo() {
    return { quotedStanzaID: this.id.id, quotedParticipant: this.from, quotedMsg: { type: this.type, body: this.body } };
  }
}
Msg.prototype.proxyName = 'msg';

export class MsgCollectionImpl extends BaseCollection {
  static model = Msg;

  /** Where every message that arrives passes; wa-js listens here for deletions. */
  async processMultipleMessages(chatId, messages) {
    return messages.map(message => (message.type === 'protocol' ? revoke(message) : place(message)));
  }
}

// A basket as WhatsApp's server hands it over.
export class Order extends BaseModel {}
Order.prototype.proxyName = 'order';

/** The products of a basket are on the server, not in its message. */
export async function queryOrder(orderId) {
  const row = (await store.all()).find(one => one.orderId === orderId);
  if (!row?.basket) throw new Error('The stand-in has no such basket');
  return { products: row.basket, currency: 'INR', createdAt: row.t };
}

export class Chat extends BaseModel {
  constructor(values) {
    super({ unreadCount: 0, ...values });
    this.msgs = new MsgCollectionImpl();
    this.contact = contacts.get(values.id) ?? contacts.add(new Contact({ id: values.id, pushname: '' }))[0];
    this.presence = { subscribe: async () => {} };
  }

  get isUser() { return this.id.isUser(); }
  get isGroup() { return this.id.isGroup(); }
  get isReadOnly() { return false; }
  get hasUnread() { return this.unreadCount > 0; }
}
Chat.prototype.proxyName = 'chat';

export class ContactCollectionImpl extends BaseCollection { static model = Contact; }
export class ChatCollectionImpl extends BaseCollection { static model = Chat; }

export const contacts = new ContactCollectionImpl();
export const messages = new MsgCollectionImpl();
export const chats = new ChatCollectionImpl();
const phones = new Map();

export const chatOf = wid => chats.get(wid) ?? chats.add(new Chat({ id: wid, t: 0 }))[0];
export const phoneOf = lid => phones.get(String(lid)) ?? null;
export const lidOf = phone => [...phones].find(([, known]) => known.equals(phone))?.[0] ?? null;

export function meet(contact) {
  const { id, pushname, phone } = contact;
  if (phone) phones.set(id, createWid(`${phone}@c.us`));
  const known = contacts.get(id);
  if (known) known.set({ pushname });
  else contacts.add(new Contact({ id: createWid(id), pushname }));
}

/** A model from a stored row or from the wire. */
export function revive(raw, isNewMsg) {
  return {
    ...raw,
    id: MsgKey.fromString(raw.id),
    from: createWid(raw.from),
    to: createWid(raw.to),
    author: raw.author && createWid(raw.author),
    self: raw.id.startsWith('true') ? 'out' : 'in',
    isNewMsg,
  };
}

/** Puts a message into its chat and the message collection, whose "add" is what wa-js hears. */
export function place(values) {
  const message = messages.get(values.id) ?? new Msg(values);
  const chat = chatOf(message.id.remote);
  chat.msgs.add(message);
  messages.add(message);
  if (message.t >= chat.t) chat.set({ lastReceivedKey: message.id, t: message.t });
  if (message.isNewMsg && !message.id.fromMe && !message.isNotification) chat.set({ unreadCount: chat.unreadCount + 1 });
  return message;
}

/** The message from memory, or else from the store; undefined when neither has it. */
export async function fetch(key) {
  const known = messages.get(key);
  if (known) return known;
  const row = await store.read(String(key));
  return row && place(revive(row, false));
}

function revoke(protocol) {
  const message = messages.get(protocol.protocolMessageKey);
  message?.set({ type: 'revoked', body: undefined, caption: undefined });
  return message;
}

/** Last message of each chat, as the page has it after a start. */
export async function restore() {
  for (const contact of await store.contacts()) meet(contact);
  const last = new Map();
  for (const row of await store.all()) last.set(MsgKey.fromString(row.id).remote.toString(), row);
  for (const row of last.values()) place(revive(row, false));
}

export async function history(chatId) {
  const rows = (await store.all()).filter(row => MsgKey.fromString(row.id).remote.equals(chatId));
  return Promise.all(rows.map(row => fetch(MsgKey.fromString(row.id))));
}

export const sender = message => (message.id.fromMe ? me : message.from);
