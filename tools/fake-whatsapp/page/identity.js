// Who and which message: WhatsApp's ids.

export class Wid {
  constructor(text) {
    const at = text.lastIndexOf('@');
    this.user = text.slice(0, at);
    this.server = text.slice(at + 1);
    this._serialized = text;
  }

  static isXWid(server, wid) { return wid?.server === server; }
  static isWid(value) { return value instanceof Wid; }

  toString() { return this._serialized; }
  toJid() { return this._serialized; }
  toJSON() { return this._serialized; }
  equals(other) { return String(other) === this._serialized; }
  isGroup() { return this.server === 'g.us'; }
  isLid() { return this.server === 'lid'; }
  isUser() { return this.server === 'c.us' || this.server === 'lid'; }
  isRegularUser() { return this.isUser(); }
  isBot() { return false; }
  isPSA() { return false; }
  isNewsletter() { return this.server === 'newsletter'; }
  isBroadcast() { return this.server === 'broadcast'; }
  isStatus() { return this._serialized === 'status@broadcast'; }
  isStatusV3() { return this.isStatus(); }
}

export const createWid = value => (value instanceof Wid ? value : new Wid(String(value)));

export class MsgKey {
  constructor(parts) {
    if (!parts) throw new Error('MsgKey error: obj is null/undefined');
    this.fromMe = parts.fromMe ?? parts.selfDir === 'out';
    this.remote = createWid(parts.remote ?? (this.fromMe ? parts.to : parts.from));
    this.id = parts.id;
    if (parts.participant) this.participant = createWid(parts.participant);
    const words = [this.fromMe, this.remote, this.id, this.participant];
    this._serialized = words.filter(word => word !== undefined).join('_');
  }

  static fromString(text) {
    const [fromMe, remote, id, participant] = String(text).split('_');
    return new MsgKey({ fromMe: fromMe === 'true', remote, id, participant });
  }

  static async newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(9));
    return '3EB0' + Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('').toUpperCase();
  }

  toString() { return this._serialized; }
  equals(other) { return String(other) === this._serialized; }
  clone() { return new MsgKey(this); }
}
