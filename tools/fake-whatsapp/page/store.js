// WhatsApp Web's own database: "model-storage" with the "message" store and its "rowId" index, which
// WPP.indexdb.getMessagesFromRowId reads. As in the real one, the words of a message are sealed in a blob and only ids,
// times and types are plain: whoever reads rows must ask the page for the text.
const Seal = 0x5a;
const Plain = ['id', 'internalId', 'rowId', 't', 'from', 'to', 'author', 'type', 'ack', 'notifyName'];
let database;
let queue = Promise.resolve();

const done = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export async function open() {
  const request = indexedDB.open('model-storage', 1);
  request.onupgradeneeded = () => {
    const messages = request.result.createObjectStore('message', { keyPath: 'id' });
    messages.createIndex('rowId', 'rowId', { unique: true });
    messages.createIndex('internalId', 'internalId');
    request.result.createObjectStore('contact', { keyPath: 'id' });
    request.result.createObjectStore('chat', { keyPath: 'id' });
  };
  database = await done(request);
  // A deletion (at logout) must not hang on this tab.
  database.onversionchange = () => database.close();
}

export function erase() {
  database.close();
  return done(indexedDB.deleteDatabase('model-storage'));
}

function seal(message) {
  const row = { msgRowOpaqueData: { _keyId: 1, iv: new ArrayBuffer(16), _data: null } };
  const words = {};
  for (const [key, value] of Object.entries(message)) (Plain.includes(key) ? row : words)[key] = value;
  row.msgRowOpaqueData._data = new TextEncoder().encode(JSON.stringify(words)).map(byte => byte ^ Seal).buffer;
  row.internalId = `${row.id}#in`;
  return row;
}

function unseal(row) {
  const { msgRowOpaqueData, internalId, ...plain } = row;
  const bytes = new Uint8Array(msgRowOpaqueData._data).map(byte => byte ^ Seal);
  return { ...plain, ...JSON.parse(new TextDecoder().decode(bytes)) };
}

// Relaxed durability outlives the death of the browser, which is what tests do to it; a power cut is not played here.
// One writer after another: the next rowId is read and taken in one transaction anyway, this keeps arrival order.
function inOrder(work) {
  const result = queue.then(work);
  queue = result.catch(() => null);
  return result;
}

/** Stores a message under the next rowId; false when it was there already. */
export const insert = message => inOrder(async () => {
  const rows = database.transaction('message', 'readwrite').objectStore('message');
  if (await done(rows.getKey(message.id))) return false;
  const last = await done(rows.index('rowId').openKeyCursor(null, 'prev'));
  await done(rows.add(seal({ ...message, rowId: (last?.key ?? 0) + 1 })));
  return true;
});

/** Changes a stored message; its rowId stays. */
export const update = (id, values) => inOrder(async () => {
  const rows = database.transaction('message', 'readwrite').objectStore('message');
  const row = await done(rows.get(id));
  if (row) await done(rows.put(seal({ ...unseal(row), ...values })));
});

export async function read(id) {
  const row = await done(database.transaction('message').objectStore('message').get(id));
  return row && unseal(row);
}

/** Every message, oldest first. */
export async function all() {
  const rows = await done(database.transaction('message').objectStore('message').index('rowId').getAll());
  return rows.map(unseal);
}

export const remember = contact => inOrder(() =>
  done(database.transaction('contact', 'readwrite').objectStore('contact').put(contact)));

export const contacts = () => done(database.transaction('contact').objectStore('contact').getAll());
