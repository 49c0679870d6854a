// The modules of WhatsApp Web that wa-js looks for, under names and shapes by which it finds them.
import { define } from './runtime.js';
import { BaseCollection, BaseModel, EventEmitter } from './models.js';
import { MsgKey, Wid, createWid } from './identity.js';
import * as account from './account.js';
import * as chats from './chats.js';
import * as line from './line.js';
import * as outgoing from './outgoing.js';

const words = (...keys) => Object.fromEntries(keys.map(key => [key, key]));
const bytes = (...values) => new Uint8Array(values).buffer;

export function defineAll() {
  foundation();
  connection();
  conversations();
  sending();
  presence();
}

function foundation() {
  const widFrom = (user, server) => createWid(user.includes('@') ? user : `${user}@${server}`);
  define('WAWebEventEmitter', () => ({ default: EventEmitter }));
  define('WAWebBaseModel', () => ({ BaseModel, defineModel: model => model }));
  define('WAWebBaseCollection', () => ({ BaseCollection }));
  define('WAWebCollection', () => ({ default: BaseCollection }));
  define('WAWebMsgKey', () => ({ default: MsgKey }));
  define('WAWebMsgKeyNewId', () => ({ default: { newId: MsgKey.newId } }));
  define('WAWebWid', () => ({ default: Wid }));
  define('WAWebWidFactory', () => ({
    createWid,
    createUserWid: widFrom,
    createUserWidOrThrow: widFrom,
    createWidFromWidLike: createWid,
    isWidlike: Wid.isWid,
  }));
  define('WATimeUtils', () => ({ unixTime: () => Math.floor(Date.now() / 1000), unixTimeMs: () => Date.now() }));
  define('WABase64', () => ({
    encodeB64: buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))),
    decodeB64: text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer,
  }));
  define('WAWebAck', () => ({
    ACK: { FAILED: -1, CLOCK: 0, SENT: 1, RECEIVED: 2, READ: 3, PLAYED: 4, PEER: 5 },
    ACK_STRING: { SENDER: 'sender', DELIVERY: 'delivery', READ: 'read' },
    EDIT_ATTR: { SENDER_REVOKE: 7, ADMIN_REVOKE: 8 },
  }));
}

function connection() {
  const { Cmd, Conn, Stream, Socket, Network, Backend, me, meLid } = account;
  define('WAVersion', () => ({ SANITIZED_VERSION_STR: '2.3000.1046000000' }));
  define('WAWebOfficial', () => ({ isOfficialClient: true }));
  define('WAWebCmd', () => ({ Cmd, CmdImpl: Cmd.constructor }));
  define('WAWebConnModel', () => ({ Conn, ConnImpl: Conn.constructor }));
  define('WAWebStreamModel', () => ({ Stream }));
  define('WAWebSocketModel', () => ({ Socket }));
  define('WAWebNetworkStatus', () => ({ default: Network }));
  define('WAWebBackendEventBus', () => ({ BackendEventBus: Backend, BackendEvent: {} }));
  define('WAWebSocketConstants', () => ({
    SOCKET_STATE: words('OPENING', 'PAIRING', 'UNPAIRED', 'UNPAIRED_IDLE', 'CONNECTED', 'TIMEOUT', 'CONFLICT', 'UNLAUNCHED',
      'PROXYBLOCK', 'TOS_BLOCK', 'SMB_TOS_BLOCK', 'DEPRECATED_VERSION'),
    SOCKET_STREAM: words('DISCONNECTED', 'SYNCING', 'RESUMING', 'CONNECTED'),
    WATCHED_SOCKET_STATE: words('OPEN', 'CLOSED'),
  }));
  let lastCode = 0;
  define('WAWebAltDeviceLinkingApi', () => ({
    initializeAltDeviceLinking: async () => {},
    genLinkDeviceCodeForPhoneNumber: async phone => `SAK${String(phone).slice(-4)}${lastCode++ % 10}`,
  }));
  define('WASmaxJsx', () => ({ smax: (tag, attributes, content) => ({ tag, attributes, content }) }));
  define('WAWebGenerateId', () => ({ generateId: () => crypto.randomUUID() }));
  define('WAWebComms', () => ({ sendSmaxStanza: stanza => line.ask(stanza.attributes.id) }));
  define('WAWebAuth', () => ({ isLoggedIn: account.isLinked }));
  define('WAWebRegistered', () => ({ isRegistered: account.isLinked }));
  define('WAWebUserPrefsMeUser', () => ({
    getMaybeMePnUser: () => me,
    getMaybeMeLidUser: () => meLid,
    getMaybeMeUser: () => me,
    getMeDevicePnOrThrow: () => me,
    getMePnUserOrThrow: () => me,
    getMeLidUserOrThrow: () => meLid,
  }));
  define('WAWebNoise', () => ({ waNoiseInfo: { get: async () => ({ staticKeyPair: { pubKey: bytes(1, 2, 3) } }) } }));
  define('WAWebSignalStore', () => ({
    waSignalStore: { getRegistrationInfo: async () => ({ registrationId: 1, identityKeyPair: { pubKey: bytes(4, 5, 6) } }) },
  }));
  define('WAWebAdv', () => ({ getADVSecretKey: () => 'stand-in-secret', setADVSignedIdentity() {} }));
  define('WAWebLogoutReason', () => ({
    getErrorCodeFromLogoutReason: () => 0,
    setPrevLogoutReasonCode() {},
    getPrevLogoutReasonCode: () => null,
  }));
}

function conversations() {
  const { Contact, Msg, Chat } = chats;
  define('WAWebContactModel', () => ({ Contact, default: Contact }));
  define('WAWebMsgModel', () => ({ Msg, default: Msg }));
  define('WAWebChatModel', () => ({ Chat, default: Chat }));
  define('WAWebMsgType', () => ({ MSG_TYPE: { CHAT: 'chat', ORDER: 'order', PRODUCT: 'product' } }));
  define('WAWebOrderModel', () => ({ Order: chats.Order, default: chats.Order }));
  define('WAWebBizQueryOrderJob', () => ({ queryOrder: chats.queryOrder, queryOrderResponse: () => {} }));
  define('WAWebContactCollection', () => ({ ContactCollectionImpl: chats.ContactCollectionImpl, ContactCollection: chats.contacts }));
  define('WAWebMsgCollection', () => ({ MsgCollectionImpl: chats.MsgCollectionImpl, MsgCollection: chats.messages }));
  define('WAWebChatCollection', () => ({ ChatCollectionImpl: chats.ChatCollectionImpl, ChatCollection: chats.chats }));
  define('WAWebQuotedMsg', () => ({ getQuotedMsgObj: () => null }));
  define('WAWebHasUnread', () => ({ getHasUnread: chat => chat.unreadCount > 0 }));
  define('WAWebLidPnCache', () => ({ lidPnCache: { getPhoneNumber: chats.phoneOf, getCurrentLid: chats.lidOf } }));
  define('WAWebFindChat', () => ({
    findOrCreateLatestChat: async wid => ({ chat: { id: chats.chatOf(wid).id }, created: false }),
  }));
  define('WAWebMsgSearchContext', () => ({
    getSearchContext: (chat, key) => {
      const found = chats.fetch(key);
      return { collection: { loadAroundPromise: found, get: wanted => chat.msgs.get(wanted) } };
    },
  }));
  define('WAWebMsgFind', () => ({ msgFindByDirection: find, msgFindBefore: find, msgFindAfter: find }));
}

async function find({ anchor, count, direction }) {
  const all = await chats.history(anchor.remote);
  const at = all.findIndex(message => message.id.equals(anchor));
  const side = direction === 'after' ? all.slice(at + 1) : all.slice(0, Math.max(at, 0));
  return { messages: direction === 'after' ? side.slice(0, count) : side.slice(-count) };
}

function sending() {
  define('WAWebSendMsg', () => ({ addAndSendMsgToChat: outgoing.addAndSend }));
  define('WAWebReceipts', () => ({
    handleChatSimpleReceipt: outgoing.applyReceipt,
    handleGroupSimpleReceipt: outgoing.applyReceipt,
    handleStatusSimpleReceipt: outgoing.applyReceipt,
  }));
  define('WAWebEphemeral', () => ({ getEphemeralFields: () => ({}) }));
  define('WAWebCanReply', () => ({ canReplyMsg: () => true }));
  define('WAWebSeen', () => ({ sendSeen: async ({ chat }) => chat.set({ unreadCount: 0 }), markUnread: async () => {} }));
}

function presence() {
  class PresenceCollectionImpl extends BaseCollection {
    static model = BaseModel;

    async find(id) {
      return this.get(id) ?? this.add({ id, hasData: true, isOnline: true, isUser: true, isGroup: false, chatstate: { type: 'available' } })[0];
    }

    async show(chat, type) {
      const one = await this.find(createWid(chat));
      one.chatstate.type = type;
      this.trigger('change:chatstate.type', one.chatstate);
    }
  }
  const presences = new PresenceCollectionImpl();
  define('WAWebPresenceCollection', () => ({ PresenceCollectionImpl: presences, PresenceCollection: presences }));
  define('WAWebSubscribePresence', () => ({ subscribePresence: async () => {} }));
  define('WAWebChatPresence', () => ({
    markComposing: async chat => outgoing.typing(chat, true),
    markPaused: async chat => outgoing.typing(chat, false),
    markRecording: async () => {},
  }));
}
