// What a person sees: chats, the open conversation with ticks, the login code, and a box to write as a customer.
import { Conn, Stream, isLinked } from './account.js';
import * as chats from './chats.js';
import * as line from './line.js';

const at = id => document.getElementById(id);
const Ticks = { '-1': '✗ failed', 0: '🕓', 1: '✓', 2: '✓✓', 3: '✓✓', 4: '✓✓' };
const Pictures = {
  ptt: '🎤 voice note',
  audio: '🎤 audio',
  image: '📷 picture',
  video: '🎞 video',
  document: '📄 document',
  location: '📍 location',
  vcard: '👤 contact',
  ciphertext: '🔒 waiting for this message',
  revoked: '🚫 deleted',
  e2e_notification: '🔒 Messages are end-to-end encrypted (as far as a stand-in goes)',
};
const Someone = '+';
const Owner = 'owner';
let open = null;
let paintDue = false;
let peopleDue = false;

export function show() {
  at('login').hidden = isLinked();
  document.querySelector('main').hidden = at('leave').hidden = !isLinked();
  at('scan').onclick = () => line.post('link', {});
  at('leave').onclick = () => line.post('leave', { reason: 'user_initiated' });
  at('compose').onsubmit = send;
  at('person').onchange = choose;
  at('text').onkeydown = key => {
    if (key.key === 'Enter' && !key.shiftKey) send(key);
  };
  for (const [model, name] of [[Conn, 'change'], [Stream, 'change'], [chats.chats, 'change'], [chats.messages, 'add'], [chats.messages, 'change']]) {
    model.on(name, paintSoon);
  }
  chats.chats.on('add', fillPeopleSoon);
  fillPeople();
  paintSoon();
}

// Many changes in one moment are one painting.
function paintSoon() {
  if (paintDue) return;
  paintDue = true;
  setTimeout(() => {
    paintDue = false;
    paint();
  }, 100);
}

function fillPeopleSoon() {
  if (peopleDue) return;
  peopleDue = true;
  setTimeout(() => {
    peopleDue = false;
    fillPeople();
  }, 300);
}

function paint() {
  at('connection').textContent = `${Stream.mode ?? ''} ${Stream.info ?? ''}`.toLowerCase();
  if (!isLinked()) {
    at('code').textContent = Conn.ref;
    at('qr').src = `control/qr?code=${encodeURIComponent(Conn.ref)}`;
    return;
  }
  paintChats();
  if (!open) return;
  chats.chatOf(open).unreadCount = 0;
  paintConversation();
}

function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function paintChats() {
  const sorted = chats.chats.toArray().sort((a, b) => b.t - a.t).slice(0, 200);
  at('chats').replaceChildren(...sorted.map(chat => {
    const button = element('button', chat.contact.pushname || chat.id.user);
    if (chat.unreadCount) button.prepend(element('b', chat.unreadCount, 'unread'));
    const last = chat.msgs.get(chat.lastReceivedKey);
    button.append(element('small', last ? wordsOf(last) : ''));
    if (open?.equals(chat.id)) button.setAttribute('aria-current', 'true');
    button.onclick = () => openChat(chat);
    return button;
  }));
}

async function openChat(chat) {
  open = chat.id;
  chat.unreadCount = 0;
  await chats.history(open);
  if ([...at('person').options].some(option => option.value === String(open))) at('person').value = String(open);
  choose();
  paintSoon();
}

function paintConversation() {
  const list = at('conversation');
  const messages = chats.chatOf(open).msgs.toArray().sort((a, b) => a.t - b.t);
  list.replaceChildren(...messages.map(message => {
    const item = element('li', wordsOf(message), message.id.fromMe ? 'mine' : '');
    const time = new Date(message.t * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    const ticks = message.id.fromMe ? ` ${Ticks[message.ack] ?? ''}` : '';
    item.append(element('small', time + ticks, message.ack >= 3 ? 'read' : message.ack < 0 ? 'failed' : ''));
    return item;
  }));
  list.scrollTop = list.scrollHeight;
}

const wordsOf = message => (message.type === 'chat' ? message.body ?? '' : [Pictures[message.type] ?? message.type, message.caption].filter(Boolean).join(' '));

async function fillPeople() {
  const chosen = at('person').value;
  const response = await fetch('control/people');
  const people = await response.json();
  const options = [...people.map(({ id, name }) => [name, id]), ['A new customer…', Someone], ['The owner, on the phone', Owner]];
  at('person').replaceChildren(...options.map(([name, id]) => new Option(name, id)));
  if (options.some(([, id]) => id === chosen)) at('person').value = chosen;
  choose();
}

function choose() {
  const isNew = at('person').value === Someone;
  at('name').hidden = at('phone').hidden = !isNew;
  at('phone').required = isNew;
}

async function send(event) {
  event.preventDefault();
  const person = at('person').value;
  const text = at('text').value;
  if (!text.trim()) return;
  if (person === Owner && !open) return;
  if (person === Someone && !at('compose').reportValidity()) return;
  at('text').value = '';
  if (person === Owner) await line.post('owner', { chat: String(open), text });
  else if (person !== Someone) await line.post('customer', { from: person, name: at('person').selectedOptions[0].text, text });
  else {
    const from = `${at('phone').value}@c.us`;
    await line.post('customer', { from, name: at('name').value || at('phone').value, text });
    await fillPeople();
    at('person').value = from;
    choose();
    open = chats.chats.get(from)?.id ?? open;
  }
  if (person !== Owner) open ??= chats.chats.get(at('person').value)?.id ?? null;
  paintSoon();
}
