// Observable models and collections, shaped as wa-js expects WhatsApp's to be.

export class EventEmitter {
  on(name, listener, context) {
    if (typeof listener !== 'function') throw new TypeError('Callback parameter passed is not a function');
    if (!this.listeners_) Object.defineProperty(this, 'listeners_', { value: new Map() });
    const all = this.listeners_.get(name) ?? [];
    this.listeners_.set(name, [...all, { listener, context }]);
    return this;
  }

  once(name, listener, context) {
    const wrapper = (...args) => {
      this.off(name, wrapper);
      listener.apply(context, args);
    };
    return this.on(name, wrapper, context);
  }

  off(name, listener) {
    const all = this.listeners_?.get(name);
    if (all) this.listeners_.set(name, listener ? all.filter(one => one.listener !== listener) : []);
    return this;
  }

  trigger(name, ...args) {
    for (const { listener, context } of this.listeners_?.get(name) ?? []) listener.apply(context ?? this, args);
    return this;
  }

  listenTo(other, name, listener) {
    other.on(name, listener, this);
    return this;
  }

  stopListening() { return this; }
  addListener(name, listener) { return this.on(name, listener); }
  removeListener(name, listener) { return this.off(name, listener); }
}

export class BaseModel extends EventEmitter {
  constructor(values = {}) {
    super();
    Object.defineProperty(this, 'attributes', { value: {} });
    Object.defineProperty(this, 'homes', { value: new Set() });
    this.set(values, { silent: true });
  }

  set(values, { silent = false } = {}) {
    const changed = Object.keys(values).filter(key => this.attributes[key] !== values[key] || !(key in this.attributes));
    for (const key of changed) this.expose(key);
    // All values stand before any listener runs: a listener of the type must see the body.
    Object.assign(this.attributes, values);
    if (silent) return this;
    for (const key of changed) this.tell(`change:${key}`, this, values[key]);
    if (changed.length) this.tell('change', this);
    return this;
  }

  expose(key) {
    if (key in this) return;
    const property = { enumerable: true, configurable: true, get: () => this.attributes[key], set: value => this.set({ [key]: value }) };
    Object.defineProperty(this, key, property);
  }

  tell(name, ...args) {
    this.trigger(name, ...args);
    for (const home of this.homes) home.trigger(name, ...args);
  }

  unset(key) { delete this.attributes[key]; }
  toJSON() { return { ...this.attributes }; }
  serialize() { return this.toJSON(); }
}

export class BaseCollection extends EventEmitter {
  constructor() {
    super();
    if (!this.constructor.model) throw new Error('Collection initialized without model');
    this._models = [];
    this._index = {};
  }

  get length() { return this._models.length; }
  get size() { return this._models.length; }
  get(id) { return this._index[id?._serialized ?? String(id)]; }
  async find(id) { return this.get(id); }

  add(items) {
    return [items].flat().map(item => {
      const model = item instanceof this.constructor.model ? item : new this.constructor.model(item);
      const key = String(model.id);
      if (this._index[key]) return this._index[key];
      model.homes.add(this);
      this._index[key] = model;
      this._models.push(model);
      this.trigger('add', model, this);
      return model;
    });
  }

  remove(id) {
    const model = this.get(id);
    if (!model) return;
    delete this._index[String(model.id)];
    this._models.splice(this._models.indexOf(model), 1);
    model.homes.delete(this);
    this.trigger('remove', model);
  }

  getModelsArray() { return this._models; }
  toArray() { return this._models.slice(); }
  at(index) { return this._models[index]; }
  forEach(visit) { this._models.forEach(visit); }
  filter(test) { return this._models.filter(test); }
  findFirst(test) { return this._models.find(test); }
  map(project) { return this._models.map(project); }
}
