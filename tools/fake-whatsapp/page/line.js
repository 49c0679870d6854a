// The line to "WhatsApp's server": the site that serves this page.
import { device, isLinked } from './account.js';

let source;
let finished = [];

/** Listens; onEnvelope is awaited one after another, and each envelope acknowledged when it is done. */
export function listen({ onEnvelope, onOpen, onLost }) {
  source = new EventSource(`control/events?device=${device}&linked=${isLinked()}`);
  source.onopen = onOpen;
  source.onerror = onLost;
  let queue = Promise.resolve();
  source.onmessage = ({ data }) => {
    const envelope = JSON.parse(data);
    queue = queue
      .then(() => onEnvelope(envelope))
      .then(() => acknowledge(envelope.n))
      .catch(error => console.error(`The stand-in page could not do "${envelope.op}": ${error.stack}`));
  };
}

// What is done within a few milliseconds is acknowledged in one post.
function acknowledge(number) {
  if (finished.push(number) > 1) return;
  setTimeout(() => {
    post('done', { numbers: finished });
    finished = [];
  }, 3);
}

const questions = new Map();

/** A question whose answer comes down the line, not with the post: it tells whether the line lives. */
export const ask = id => new Promise((answer, fail) => {
  questions.set(id, answer);
  post('ping', { id }).catch(fail);
});

export function answer(id) {
  questions.get(id)?.({ tag: 'iq', attributes: { type: 'result', id } });
  questions.delete(id);
}

/** Goes deaf without a sign, as a stalled connection does; a reload helps. */
export const hangUp = () => source.close();

export async function post(what, content) {
  const answer = await fetch(`control/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ device, ...content }),
  });
  if (!answer.ok) throw new Error(`The site answered ${answer.status} to ${what}`);
  return answer.status === 204 ? null : answer.json();
}
