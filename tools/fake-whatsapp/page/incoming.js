// What arrives over the line. A message is stored first and acknowledged to the server after that, so that a browser
// killed in between gets it again; only then does the page hear of it.
import { MsgKey, createWid } from './identity.js';
import { load } from './runtime.js';
import * as account from './account.js';
import * as chats from './chats.js';
import * as line from './line.js';
import * as outgoing from './outgoing.js';
import * as store from './store.js';

const pause = milliseconds => new Promise(resume => setTimeout(resume, milliseconds));

/** By the envelope's "op". Each is done when its effect is stored. */
export const handlers = {
  message: receive,
  edit,
  revoke,
  receipt: ({ id, ack }) => {
    const { remote, id: bare } = MsgKey.fromString(id);
    const word = ack >= 3 ? 'read' : 'delivery';
    return load('WAWebReceipts').handleChatSimpleReceipt({ ack, ackString: word, from: remote, externalIds: [bare] });
  },
  contact: async ({ contact }) => {
    chats.meet(contact);
    await store.remember(contact);
  },
  presence: ({ chat, on }) => load('WAWebPresenceCollection').PresenceCollection.show(chat, on ? 'composing' : 'available'),
  newCode: () => account.newCode(),
  refuse: ({ count }) => outgoing.refuseNext(count),
  mode: ({ mode }) => account.showMode(mode),
  pong: ({ id }) => line.answer(id),
  drained: () => account.Backend.trigger('offline_delivery_end'),
};

/** message: as stored; history: true for old ones; events: how often the page tells (0, 1, 2); sealedFor: ms as ciphertext, -1 for ever. */
async function receive({ message, history, events, delay, sealedFor }) {
  const opened = { ...message, ack: message.ack ?? 1 };
  const { body, caption, mimetype, lat, lng, message: note, title, quotedMsg, ...envelope } = opened;
  const sealed = sealedFor !== 0;
  const first = sealed ? { ...envelope, type: 'ciphertext', opensAs: sealedFor > 0 ? opened : undefined } : opened;
  if (!(await store.insert(first))) return;
  if (message.notifyName && !message.id.startsWith('true')) await introduce(message);
  tell(first, history, events, delay);
  if (sealedFor > 0) unsealLater(opened, sealedFor);
}

async function introduce({ author, from, notifyName }) {
  const contact = { id: author ?? from, pushname: notifyName, phone: chats.phoneOf(author ?? from)?.user };
  if (chats.contacts.get(contact.id)?.pushname === notifyName) return;
  chats.meet(contact);
  await store.remember(contact);
}

async function tell(message, history, events, delay) {
  if (delay) await pause(delay);
  const model = chats.revive(message, !history && events > 0);
  const [placed] = await chats.messages.processMultipleMessages(model.id.remote, [model]);
  for (let extra = 1; extra < events; extra++) chats.messages.trigger('add', placed, chats.messages);
}

async function unsealLater(opened, after) {
  await pause(after);
  await store.update(opened.id, { ...opened, opensAs: undefined });
  chats.messages.get(opened.id)?.set({ type: opened.type, body: opened.body, caption: opened.caption });
}

/** Messages that were still sealed when the browser was closed. */
export async function unsealWaiting() {
  for (const row of await store.all()) if (row.opensAs) unsealLater(row.opensAs, 0);
}

async function edit({ id, body, editId }) {
  await store.update(id, { body });
  const message = await chats.fetch(MsgKey.fromString(id));
  message?.set({ body, latestEditMsgKey: MsgKey.fromString(editId) });
}

async function revoke({ id, revokeId, t }) {
  const key = MsgKey.fromString(id);
  await chats.fetch(key);
  await store.update(id, { type: 'revoked', body: undefined, caption: undefined });
  const protocol = { id: revokeId, from: String(key.remote), to: String(account.me), t, type: 'protocol', subtype: 'sender_revoke' };
  await chats.messages.processMultipleMessages(createWid(key.remote), [{ ...chats.revive(protocol, true), protocolMessageKey: key }]);
}
