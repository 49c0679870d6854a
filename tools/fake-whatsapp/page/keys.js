// The keys of a linked device. In IndexedDB, because localStorage may lose its last seconds when a browser is killed.
async function table(mode) {
  const request = indexedDB.open('linked-device', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('keys');
  const database = await settled(request);
  return database.transaction('keys', mode, { durability: 'strict' }).objectStore('keys');
}

const settled = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export const load = async () => settled((await table('readonly')).get('me'));
export const save = async keys => settled((await table('readwrite')).put(keys, 'me'));
