// What the shop sends: into the store first, then over the line, then the ticks.
import { Msg, fetch as message, messages, place } from './chats.js';
import { MsgKey } from './identity.js';
import * as line from './line.js';
import * as store from './store.js';

let refusals = 0;

/** The next sends are refused before anything is stored. */
export function refuseNext(count) {
  refusals = count;
}

/** wa-js awaits the first promise for the message and the second for the server's word. */
export async function addAndSend(chat, raw) {
  if (refusals > 0) {
    refusals--;
    throw new Error('This message was refused by the stand-in page');
  }

  const known = messages.get(raw.id);
  const sent = known ?? place(new Msg({ ...raw, ack: 0 }));
  if (!known) await store.insert(flat(sent));
  return [Promise.resolve(sent), deliver(sent, false)];
}

/** Messages that never heard back are sent again after a start, under the same id. */
export async function sendWaiting() {
  for (const row of await store.all()) {
    if (row.local && row.ack === 0) await deliver(await message(MsgKey.fromString(row.id)), true);
  }
}

async function deliver(sent, again) {
  const answer = await line.post('send', { ...flat(sent), again });
  await sent.updateAck(answer.result === 'OK' ? Math.max(1, sent.ack) : -1);
  return { messageSendResult: answer.result, t: answer.t, count: null };
}

const flat = sent => ({
  id: String(sent.id),
  from: String(sent.from),
  to: String(sent.to),
  type: sent.type,
  t: sent.t,
  ack: sent.ack,
  body: sent.body,
  caption: sent.caption,
  local: true,
});

/** A receipt from the customer's phone. */
export async function applyReceipt({ ack, from, externalIds }) {
  for (const id of externalIds) {
    const sent = await message(new MsgKey({ fromMe: true, remote: from, id }));
    if (sent && sent.ack < ack) await sent.updateAck(ack);
  }
}

export const typing = (chat, on) => line.post('typing', { chat: String(chat.id), on });
