// Runs in WhatsApp Web's page, before anything of the page does. WhatsAppWeb.cs puts wa-js in the place marked below, and
// hears of events through one binding, as JSON text. An event before the binding exists is lost: scans are the truth.
if (window.top === window && !window.sakBridge) {
  window.WPPConfig = { deviceName: 'SAK', poweredBy: 'SAK', disableGoogleAnalytics: true, linkPreviewApiServers: [] };

  /* wa-js */

  (() => {
    const CipherPatience = 30_000;
    const NotFound = ['msg_not_found', 'chat_not_found'];
    const Written = ['chat', 'list_response', 'buttons_response', 'template_button_reply'];
    const Yes = ['👍', '✅', '👌', '💯'];

    /* probe */

    // Half of an emoji, as a name that was cut short ends with, is no text that the agent could read.
    const toJson = value => JSON.stringify(value, (_, one) => (typeof one === 'string' ? one.toWellFormed?.() ?? one : one));
    const raise = (kind, data) => window.sakEvent?.(toJson({ kind, ...data }));

    function bounded(promise, milliseconds, what) {
      let timer;
      const late = new Promise((_, reject) => {
        const say = () => Object.assign(new Error(`${what} took longer than ${milliseconds / 1000} s`), { isLate: true });
        timer = setTimeout(() => reject(say()), milliseconds);
      });
      return Promise.race([promise, late]).finally(() => clearTimeout(timer));
    }

    // Events leave in the order they came, although a phone must be looked up for some.
    let line = Promise.resolve();
    const inOrder = work => {
      line = line.then(work).catch(error => raise('fault', { text: String(error?.message ?? error) }));
    };

    // A LID hides the phone; only the page's own memory of pairs is asked, never the network.
    async function phoneOf(wid) {
      if (wid.server === 'c.us') return wid.user;
      if (wid.server !== 'lid') return '';
      const pair = await bounded(WPP.contact.getPnLidEntry(wid), 2_000, 'Looking up a phone').catch(() => null);
      return pair?.phoneNumber?.id ?? '';
    }

    function nameOf(message) {
      if (message.id.fromMe) return '';
      const contact = WPP.whatsapp.ContactStore.get(message.author ?? message.from);
      return message.notifyName || contact?.pushname || contact?.name || '';
    }

    // A code without letters would be read as a number.
    const productWords = ({ title, retailerId }) =>
      [title, /\p{L}/u.test(String(retailerId ?? '')) ? `(${retailerId})` : ''].filter(Boolean).join(' ');

    // Of media the body is a thumbnail: only the caption is words. A product's title names it; a basket has a note.
    function wordsOf(message) {
      if (Written.includes(message.type)) return message.body || message.listResponse?.title || '';
      if (message.type === 'poll_creation') {
        return [message.pollName, ...(message.pollOptions ?? []).map(one => one.name)].join('\n');
      }
      if (message.type === 'product') return productWords(message);
      return (message.type === 'order' ? message.message : message.caption) ?? '';
    }

    // What the customer answers to: "3 of this" says nothing without it.
    function quoteOf(message) {
      const quoted = message.quotedMsg;
      if (!quoted && !message.quotedStanzaID) return undefined;
      const words = quoted ? wordsOf(quoted) || quoted.title || quoted.caption || '' : '';
      const code = String(quoted?.retailerId ?? quoted?.productId ?? '');
      return { id: String(message.quotedStanzaID ?? ''), text: words, code };
    }

    async function describe(message) {
      const key = message.id;
      const person = key.fromMe ? key.remote : message.author ?? key.participant ?? key.remote;
      return {
        id: String(key),
        chat: String(key.remote),
        phone: await phoneOf(person),
        name: nameOf(message),
        fromMe: key.fromMe,
        type: message.type,
        text: wordsOf(message),
        forwarded: Boolean(message.isForwarded),
        quoted: quoteOf(message),
        t: message.t,
      };
    }

    function status() {
      const { Stream } = WPP.whatsapp;
      const authenticated = WPP.conn.isAuthenticated();
      return { mode: Stream.mode ?? '', info: Stream.info ?? '', authenticated, loaded: WPP.isFullReady && isProbed };
    }

    const tellStatus = () => {
      if (WPP.isReady) inOrder(() => raise('status', status()));
    };

    function onMessage(message) {
      if (message.type === 'ciphertext') {
        // wa-js tells again when it can be read. If it doesn't, the store may know more than the events.
        setTimeout(() => message.type === 'ciphertext' && raise('catchup', { why: 'a message could not be read yet' }), CipherPatience);
        return;
      }

      inOrder(async () => raise('message', { message: await describe(message) }));
      if (!message.id.fromMe) watchTyping(message.id.remote);
    }

    // wa-js watches who was there at the start; best effort for those who come later.
    const watched = new Set();
    function watchTyping(chat) {
      if (watched.has(String(chat)) || !chat.isUser()) return;
      watched.add(String(chat));
      WPP.contact.subscribePresence(String(chat)).catch(() => watched.delete(String(chat)));
    }

    WPP.on('chat.new_message', onMessage);
    // A vote and a thumbs-up are no messages of WhatsApp's store: only events report them. Each is handed over as what
    // the customer would have written, under an id that stays the same, so that another vote is an edit of the first.
    const tellAnswer = (key, ending, type, text, quoted, t) => inOrder(async () => {
      const chat = String(key.remote);
      const id = `false_${chat}_${key.id}${ending}`;
      if (!text) return raise('revoked', { id });
      const message = { id, chat, phone: await phoneOf(key.remote), name: '', fromMe: false, type, text, quoted, t };
      raise('message', { message });
      raise('edited', { id, text });
    });
    const keyOf = id => (typeof id === 'string' ? WPP.whatsapp.MsgKey.fromString(id) : id);
    const seconds = time => Math.floor(time > 1e12 ? time / 1000 : time);
    WPP.on('chat.poll_response', ({ msgId, selectedOptions, timestamp, sender }) => {
      const key = keyOf(msgId);
      if (!key.fromMe || String(sender) !== String(key.remote)) return;
      const names = (selectedOptions ?? []).filter(Boolean).map(one => one.name);
      tellAnswer(key, 'V', 'poll_vote', names.join('\n'), undefined, seconds(timestamp));
    });
    WPP.on('chat.new_reaction', ({ msgId, reactionText, sender, timestamp }) => {
      const key = keyOf(msgId);
      if (!key.fromMe || String(sender) !== String(key.remote)) return;
      if (!Yes.some(sign => reactionText?.startsWith(sign))) return;
      const quoted = { id: key.id, text: '', code: '' };
      tellAnswer(key, 'R', 'reaction_yes', reactionText, quoted, seconds(timestamp));
    });
    WPP.on('chat.msg_edited', ({ id, msg }) => inOrder(() => raise('edited', { id: String(id), text: wordsOf(msg) })));
    WPP.on('chat.msg_revoke', ({ refId }) => inOrder(() => raise('revoked', { id: String(refId) })));
    WPP.on('chat.msg_ack_change', ({ ids, ack }) => inOrder(() => raise('acked', { ids: ids.map(String), ack })));
    // wa-js tells of presences only where WhatsApp sets its mode late enough for it; the store itself always does.
    WPP.on('loader.full_ready', () => {
      WPP.whatsapp.PresenceStore?.on('change:chatstate.type', chatstate => {
        const person = WPP.whatsapp.PresenceStore.getModelsArray().find(one => one.chatstate === chatstate);
        hear();
        if (person) inOrder(() => raise('typing', { chat: String(person.id), on: chatstate.type === 'composing' || chatstate.type === 'recording' }));
      });
    });
    WPP.on('conn.auth_code_change', code => inOrder(() => raise('code', { code: code?.fullCode ?? '' })));
    WPP.on('conn.logout_reason', reason => inOrder(() => raise('logoutReason', { reason: String(reason) })));
    WPP.on('conn.logout', () => inOrder(() => raise('logout', {})));
    WPP.on('conn.needs_update', () => inOrder(() => raise('outdated', {})));
    WPP.on('conn.backend_event', name => {
      if (name === 'offline_delivery_end') inOrder(() => raise('catchup', { why: 'offline messages were delivered' }));
      if (name === 'account_temporarily_banned') inOrder(() => raise('banned', {}));
    });
    WPP.on('conn.online', online => online && inOrder(() => raise('catchup', { why: 'the connection is back' })));
    for (const name of ['conn.stream_mode_changed', 'conn.stream_info_changed', 'conn.authenticated', 'conn.main_loaded']) {
      WPP.on(name, tellStatus);
    }

    const pause = milliseconds => new Promise(resume => setTimeout(resume, milliseconds));

    const store = () => indexedDB.databases().then(all => all.some(({ name }) => name === 'model-storage'));

    // True when the store is the one in which the anchor ("row id") was taken.
    async function isSameStore(anchor) {
      const space = anchor.indexOf(' ');
      const database = await asPromise(indexedDB.open('model-storage'));
      try {
        const rows = database.transaction('message').objectStore('message').index('rowId');
        const row = await asPromise(rows.get(Number(anchor.slice(0, space))));
        return String(row?.id) === anchor.slice(space + 1);
      } finally {
        database.close();
      }
    }

    // The highest rowId, to tell "nothing new" from "another pairing". Null when the store is not what wa-js 4.6 reads;
    // asking it then would never answer (and opening a store that is absent would create an empty one).
    async function highestRow() {
      if (!(await store())) return null;
      const database = await asPromise(indexedDB.open('model-storage'));
      try {
        if (!database.objectStoreNames.contains('message')) return null;
        const rows = database.transaction('message').objectStore('message');
        if (!rows.indexNames.contains('rowId')) return null;
        return (await asPromise(rows.index('rowId').openKeyCursor(null, 'prev')))?.key ?? 0;
      } finally {
        database.close();
      }
    }

    const asPromise = request => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

    // Rows hold ids, times and types in the clear; the words are sealed, so each message is asked of the page.
    async function open(row) {
      const found = WPP.whatsapp.MsgStore.get(row.id) ??
        (await bounded(WPP.chat.getMessageById(String(row.id)), 5_000, 'Reading a message').catch(() => null));
      // One that can't be described must not keep those after it: it is told as one that can't be read.
      const told = found && found.type !== 'ciphertext' ? await describe(found).catch(() => null) : null;
      if (told) return { ...told, row: row.rowId };
      const [fromMe, chat] = String(row.id).split('_');
      const type = found ? 'ciphertext' : row.type;
      return { id: String(row.id), chat, phone: '', name: '', fromMe: fromMe === 'true', type, text: '', t: row.t, row: row.rowId, unread: true };
    }

    // What takes longer than the caller waits for is handed over in parts: else a slow page would never get on.
    async function scan(cursor, limit, anchor, patience = 60_000) {
      const highest = await bounded(highestRow(), 10_000, 'Opening the message store');
      if (highest === null) return { messages: await scanChats(limit, cursor), cursor, complete: true };
      const isAnother = cursor > highest || (anchor && !(await bounded(isSameStore(anchor), 10_000, 'Looking at the message store')));
      const from = isAnother ? 0 : cursor;
      const rows = await bounded(WPP.indexdb.getMessagesFromRowId({ minRowId: from, limit }), 30_000, 'Reading the message store');
      const until = performance.now() + patience;
      const messages = [];
      for (const row of rows) {
        if (messages.length > 0 && performance.now() > until) break;
        messages.push(await open(row));
      }
      return { messages, cursor: messages.at(-1)?.row ?? from, complete: messages.length === rows.length && rows.length < limit };
    }

    // The second source, chat by chat, when the store can't be read as one.
    // One that can't be read yet holds the cursor where it is, as in a scan of the store.
    async function scanChats(limit, cursor) {
      const messages = [];
      for (const chat of await WPP.chat.list({ onlyUsers: true })) {
        const found = await bounded(WPP.chat.getMessages(chat.id, { count: limit }), 15_000, 'Reading a chat').catch(() => []);
        for (const { id, t, type } of found) {
          const told = await open({ id, t, type, rowId: 0 });
          messages.push(told.unread ? { ...told, row: cursor + 1 } : told);
        }
      }
      return messages.sort((a, b) => a.t - b.t);
    }

    async function toBase64(blob) {
      const text = await WPP.util.blobToBase64(blob);
      return text.slice(text.indexOf(',') + 1);
    }

    // A place and a contact are in the message itself; everything else is fetched by the page.
    async function download(id, most) {
      const message = await bounded(WPP.chat.getMessageById(id), 15_000, 'Looking for a message').catch(() => null);
      if (!message) return null;
      if (message.type === 'location') {
        const point = { type: 'Point', coordinates: [message.lng, message.lat] };
        const content = JSON.stringify({ type: 'Feature', geometry: point, properties: { name: message.loc ?? '' } });
        return { content: await toBase64(new Blob([content])), mime: 'application/geo+json', name: '', bytes: content.length };
      }
      if (message.type === 'vcard' || message.type === 'multi_vcard') {
        const cards = (message.vcardList ?? []).map(card => card.vcard).join('\n') || message.body || '';
        return { content: await toBase64(new Blob([cards])), mime: 'text/vcard', name: message.vcardFormattedName ?? '', bytes: cards.length };
      }
      if (message.type === 'order') return basketOf(message);
      const described = { mime: message.mimetype ?? '', name: message.filename ?? '' };
      if (message.size > most) return { ...described, content: '', bytes: message.size };
      const blob = await bounded(WPP.chat.downloadMedia(id), 90_000, 'Fetching a file');
      if (blob.size > most) return { ...described, content: '', bytes: blob.size };
      return { ...described, mime: described.mime || blob.type, content: await toBase64(blob), bytes: blob.size };
    }

    // The products of a basket are not in its message: WhatsApp's server is asked for them. Prices stay where they are.
    async function basketOf(message) {
      const order = await bounded(WPP.order.get(message.id), 30_000, 'Opening a basket');
      const items = order?.products?.toArray?.() ?? order?.products ?? [];
      const products = items.map(({ id, name, quantity, retailerId }) => ({
        id: String(id ?? ''),
        code: String(retailerId ?? ''),
        name: String(name ?? ''),
        quantity: Number(quantity ?? 1),
      }));
      if (products.length === 0) throw new Error('WhatsApp gave the basket without products');
      const content = toJson({ products });
      return { content: await toBase64(new Blob([content])), mime: 'application/json', name: '', bytes: content.length };
    }

    // A code to type into the shop's phone instead of scanning one.
    const linkCode = phone => bounded(WPP.conn.genLinkDeviceCodeForPhoneNumber(phone, true), 60_000, 'Asking for a code');

    const number = () => WPP.conn.getMyUserWid()?.user ?? '';

    async function find(id) {
      try {
        return (await bounded(WPP.chat.getMessageById(id), 15_000, 'Looking for a message')).ack;
      } catch (error) {
        if (NotFound.includes(error?.code)) return null;
        throw error;
      }
    }

    async function send(text, id, patience) {
      const known = await find(id);
      if (known !== null && known >= 0) return known;
      const chatId = id.split('_')[1];
      const options = { messageId: id, waitForAck: true, markIsRead: false, linkPreview: false };
      let sent;
      try {
        sent = await bounded(WPP.chat.sendTextMessage(chatId, text, options), patience, 'Sending');
      } catch (error) {
        // Taken by the page but not heard of yet: the ack comes as an event, or a later question finds it.
        const taken = await find(id);
        if (taken !== null && taken >= 0) return taken;
        throw error;
      }
      const result = sent.sendMsgResult?.messageSendResult ?? 'OK';
      if (result !== 'OK') throw new Error(`WhatsApp answered ${result}`);
      return Math.max(1, sent.ack ?? 1);
    }

    function typing(chatId, milliseconds) {
      // Not awaited: wa-js answers only when the time is over.
      WPP.chat.markIsComposing(chatId, milliseconds).catch(error => raise('fault', { text: `Typing could not be shown: ${error.message}` }));
    }

    raise('loaded', {});

    const calls = { scan, find, send, typing, status, download, linkCode, alive, number };

    window.sakBridge = {
      async call(name, args) {
        if (!WPP.isReady) return JSON.stringify({ error: 'The bridge is not ready', isLate: true });
        try {
          return toJson({ value: (await calls[name](...args)) ?? null });
        } catch (error) {
          return toJson({ error: String(error?.message ?? error), isLate: error?.isLate ?? false });
        }
      },
    };
  })();
}
