// The story of the page: open the store, show the runtime to wa-js, log in or go online.
import { publish } from './runtime.js';
import { defineAll } from './modules.js';
import { handlers, unsealWaiting } from './incoming.js';
import { sendWaiting } from './outgoing.js';
import * as account from './account.js';
import * as chats from './chats.js';
import * as line from './line.js';
import * as store from './store.js';
import * as view from './view.js';

const settings = await (await fetch('control/settings')).json();
await store.open();
defineAll();

if (account.isLinked()) {
  await chats.restore();
  account.showMain();
} else {
  account.showLogin();
}

if (!settings.unrecognisable) publish(settings.hidden);
view.show();

Object.assign(handlers, {
  link: async () => {
    await account.remember(true);
    setTimeout(() => location.reload(), 50);
  },
  logout: async ({ reason }) => {
    await account.leave(reason);
    setTimeout(async () => {
      await store.erase();
      location.reload();
    }, 300);
  },
  hangUp: () => line.hangUp(),
});

const goOnline = () => line.listen({
  onEnvelope: envelope => handlers[envelope.op](envelope),
  onOpen: () => {
    if (!account.isLinked()) return;
    account.showOnline();
    sendWaiting();
    unsealWaiting();
  },
  onLost: () => {
    if (account.isLinked()) account.showOffline();
  },
});

window.addEventListener('online', goOnline);
window.addEventListener('offline', () => {
  line.hangUp();
  if (account.isLinked()) account.showOffline();
});
goOnline();
