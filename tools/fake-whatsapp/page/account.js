// The connection as WhatsApp Web shows it: Conn, Stream, Socket, network, and the profile's own memory of its pairing.
import { BaseModel, EventEmitter } from './models.js';
import { createWid } from './identity.js';
import { load } from './runtime.js';
import * as keys from './keys.js';

class CmdImpl extends EventEmitter {
  isMainLoaded = false;
  refreshQR() { newCode(); }
  logout() { this.trigger('logout'); }
}

export const me = createWid('966500000000@c.us');
export const meLid = createWid('77700000000000@lid');
export const Cmd = new CmdImpl();
export const Conn = new BaseModel({ ref: undefined, connected: false, pushname: 'The shop', platform: 'android', isSMB: false });
export const Stream = new BaseModel({ mode: undefined, info: 'OPENING', displayInfo: 'OPENING', available: true, needsUpdate: false });
export const Socket = new BaseModel({ state: 'OPENING', stream: 'DISCONNECTED', hasSynced: false });
export const Network = new BaseModel({ online: true });
export const Backend = new EventEmitter();

Network.checkOnline = () => Network.online;
Socket.poke = () => newCode();
Socket.initConn = () => {};
Stream.markAvailable = Stream.markUnavailable = () => {};

/** What survives a restart of the browser, as the keys of a linked device do. */
const memory = (await keys.load()) ?? { device: crypto.randomUUID(), linked: false };
export const device = memory.device;
export const isLinked = () => memory.linked;

export function remember(linked) {
  memory.linked = linked;
  return keys.save(memory);
}

export function newCode() {
  Conn.ref = `2@${crypto.randomUUID()}`;
}

export function showLogin() {
  newCode();
  Socket.set({ state: 'UNPAIRED', stream: 'DISCONNECTED' });
  Stream.set({ mode: 'QR', info: 'PAIRING', displayInfo: 'PAIRING' });
}

export function showMain() {
  Conn.set({ connected: true, ref: undefined });
  Stream.set({ mode: 'MAIN', info: 'OPENING', displayInfo: 'OPENING' });
  Cmd.isMainLoaded = true;
  Cmd.trigger('main_loaded');
}

export function showOnline() {
  Network.set({ online: true });
  Socket.set({ state: 'CONNECTED', stream: 'CONNECTED', hasSynced: true });
  Stream.set({ mode: 'MAIN', info: 'NORMAL', displayInfo: 'NORMAL' });
}

export function showOffline() {
  Network.set({ online: false });
  Socket.set({ state: 'OPENING', stream: 'DISCONNECTED' });
  Stream.set({ info: 'OFFLINE', displayInfo: 'OFFLINE' });
}

/** Another stream mode, as WhatsApp sets it: CONFLICT, TOS_BLOCK, DEPRECATED_VERSION, … */
export function showMode(mode) {
  Stream.set({ mode });
}

export async function leave(reason) {
  load('WAWebLogoutReason').getErrorCodeFromLogoutReason(reason);
  Conn.connected = false;
  await remember(false);
  Cmd.trigger('logout');
}
