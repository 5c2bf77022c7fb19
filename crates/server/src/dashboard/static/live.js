// One stream per visible tab. Its events are hints: what changed is fetched as a page, authorised anew.
const listeners = new Set();
let source = null;

/** Calls back with each hint: {event, approval_id}. */
export function onHint(listener) { listeners.add(listener); }

function tell(state) {
  for (const pulse of document.querySelectorAll('[data-pulse]')) {
    pulse.hidden = false;
    pulse.dataset.state = state;
    pulse.textContent = state === 'live' ? 'live' : 'not live, reconnecting';
  }
  document.documentElement.dataset.stream = state;
}

function open() {
  if (source || document.hidden || listeners.size === 0) return;
  source = new EventSource('/live');
  source.addEventListener('hello', () => {
    tell('live');
    // What happened before the stream was there, or while it was away, is found by looking once.
    for (const listener of listeners) listener({ event: 'missed', approval_id: null });
  });
  source.onerror = () => {
    tell('lost');
    if (source && source.readyState === EventSource.CLOSED) { close(); setTimeout(open, 3000); }
  };
  for (const name of ['created', 'updated', 'approved', 'denied', 'expired', 'canceled', 'executed']) {
    source.addEventListener(`approval.${name}`, (message) => {
      const hint = JSON.parse(message.data);
      for (const listener of listeners) listener(hint);
    });
  }
}

function close() { source?.close(); source = null; }

/** Keeps the stream open while the tab is seen. */
export function keepLive() {
  if (listeners.size === 0) return;
  open();
  document.addEventListener('visibilitychange', () => { if (document.hidden) close(); else open(); });
  window.addEventListener('pagehide', close);
}
