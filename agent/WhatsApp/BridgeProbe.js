// What SAK stands on, and whether it is there: the calls of wa-js, the parts of WhatsApp behind them, and a line that lives.
// Put into Bridge.js, whose functions it uses.
const QuietFor = 10_000;
const PingPatience = 4_000;

// Every call of wa-js that SAK makes and the parts of WhatsApp it stands on, by wa-js's own names for them; a test holds
// this list to the calls below. The chats' parts are loaded by WhatsApp only after the login. Without a call that must
// be there WhatsApp has changed and the shop waits; without another one the shop goes on and the owner is told.
const must = true;
const uses = {
  login: [
    ['conn.isAuthenticated', must, ['functions.isAuthenticated', 'Cmd', 'Conn', 'Socket', 'Stream']],
    ['conn.genLinkDeviceCodeForPhoneNumber', !must, ['functions.initializeAltDeviceLinking', 'functions.genLinkDeviceCodeForPhoneNumber']],
  ],
  chats: [
    ['conn.getMyUserWid', must, ['UserPrefs']],
    ['chat.getMessageById', must, ['ChatStore', 'MsgStore', 'MsgKey', 'functions.getSearchContext']],
    ['chat.sendTextMessage', must, [
      'WidFactory', 'functions.addAndSendMsgToChat', 'functions.findOrCreateLatestChat', 'functions.randomMessageId', 'functions.handleChatSimpleReceipt']],
    ['chat.list', must, ['ChatStore', 'ContactStore']],
    ['indexdb.getMessagesFromRowId', must, []],
    ['chat.getMessages', !must, ['MsgKey']],
    ['order.get', !must, ['functions.queryOrder']],
    ['chat.downloadMedia', !must, ['MsgStore']],
    ['util.blobToBase64', !must, []],
    ['contact.getPnLidEntry', !must, ['lidPnCache', 'ContactStore']],
    ['contact.subscribePresence', !must, ['PresenceStore', 'functions.subscribePresence']],
    ['chat.markIsComposing', !must, ['ChatPresence']],
    ['whatsapp.websocket.sendSmaxStanza', !must, ['websocket.smax', 'websocket.generateId']],
  ],
};

const at = (root, path) => path.split('.').reduce((part, name) => part[name], root);

function isThere(root, path) {
  try {
    return Boolean(at(root, path));
  } catch {
    return false;
  }
}

// What a call lacks: itself in this version of wa-js, or parts of WhatsApp.
const lacks = ([call, , parts]) => [
  ...(isThere(WPP, call) ? [] : [call]),
  ...parts.filter(part => !isThere(WPP.whatsapp, part)).map(part => part.replace('functions.', '')),
];

const lacking = (calls, isMust) => calls.filter(([, must]) => must === isMust).filter(use => lacks(use).length > 0);

// Asked a few times: WhatsApp loads its parts lazily.
async function probe(calls, isMust) {
  for (let tries = 0; ; tries++) {
    const poor = lacking(calls, isMust);
    if (poor.length === 0 || tries === 5) return poor;
    await pause(1_000);
  }
}

const tellReady = (missing, limited) =>
  raise('ready', { version: WPP.version, browser: navigator.userAgent, missing: [...new Set(missing.flatMap(lacks))], limited: limited.map(([call]) => call) });

// What the shop can do without is looked for while it works already.
async function tellLimits(calls) {
  const limited = await probe(calls, !must);
  if (limited.length > 0) tellReady([], limited);
}

WPP.on('loader.ready', async () => {
  const missing = await probe(uses.login, must);
  tellReady(missing, []);
  if (missing.length === 0) tellStatus();
  if (!WPP.conn.isAuthenticated()) await tellLimits(uses.login);
});
// The shop is not open before everything that it stands on was found.
let isProbed = false;
WPP.on('loader.full_ready', async () => {
  if (!WPP.conn.isAuthenticated()) return;
  const missing = await probe(uses.chats, must);
  if (missing.length > 0) return tellReady(missing, []);
  isProbed = true;
  tellStatus();
  await tellLimits(uses.chats);
});

// What comes from WhatsApp is a sign that the line lives; our own messages come from the page itself.
let heard = Date.now();
const hear = () => { heard = Date.now(); };
WPP.on('chat.new_message', message => message.id.fromMe || hear());
for (const name of ['chat.msg_ack_change', 'conn.backend_event']) WPP.on(name, hear);

// The same question that the page itself asks every half minute to keep its line open. Where it was never answered it
// proves nothing: WhatsApp may have another form for it now.
let everAnswered = false;
async function ping() {
  const { websocket } = WPP.whatsapp;
  const question = websocket.smax('iq', { id: websocket.generateId(), to: 's.whatsapp.net', type: 'get', xmlns: 'w:p' }, null);
  await bounded(websocket.sendSmaxStanza(question), PingPatience, 'A sign of life');
  [everAnswered, heard] = [true, Date.now()];
}

/** True while nothing tells that the line is dead. */
async function alive() {
  if (Date.now() - heard < QuietFor || !WPP.isFullReady || !isThere(WPP, 'whatsapp.websocket.sendSmaxStanza')) return true;
  for (let tries = 0; tries < 2; tries++) {
    try {
      await ping();
      return true;
    } catch {
      if (!everAnswered) return true;
    }
  }
  return Date.now() - heard < QuietFor;
}
