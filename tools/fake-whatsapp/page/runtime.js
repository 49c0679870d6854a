// The module runtime that WhatsApp Web is built on, as far as wa-js looks at it: a table of named factories, read
// through require('__debug').modulesMap, instantiated on first use.
const modulesMap = {};
const instances = new Map();

/** Registers a module. Names begin with "WA", or wa-js passes them over. */
export function define(name, factory) {
  modulesMap[name] = { factory };
}

/** The module's exports; throws when there is none. */
export function load(name) {
  if (!(name in modulesMap)) throw new Error(`Requiring unknown module "${name}"`);
  if (!instances.has(name)) instances.set(name, modulesMap[name].factory());
  return instances.get(name);
}

/** Opens the runtime to the page, without the modules that a "WhatsApp changed" test hides. */
export function publish(hidden) {
  for (const name of hidden) delete modulesMap[name];
  window.Debug = { VERSION: '2.3000.0-stand-in' };
  window.ErrorGuard = { skipGuardGlobal() {} };
  window.importNamespace = load;
  window.__d = define;
  window.require = name => (name === '__debug' ? { modulesMap } : load(name));
}
