// One stream per visible tab. Its events are hints: what changed is fetched as a page, authorised anew.
const listeners = new Set();
const WORDS = { live: 'live', lost: 'not live, reconnecting', out: 'signed out' };
let source = null;

/** Calls back with each hint: {event, approval_id}. */
export function onHint(listener) { listeners.add(listener); }

function tell(state) {
  for (const pulse of document.querySelectorAll('[data-pulse]')) {
    pulse.hidden = false;
    pulse.dataset.state = state;
    pulse.textContent = WORDS[state];
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
    if (source && source.readyState === EventSource.CLOSED) { close(); signedIn().then((still) => { if (still) setTimeout(open, 3000); else signedOut(); }); }
  };
  source.addEventListener('out', () => { close(); signedOut(); });
  source.addEventListener('freezes', () => { for (const listener of listeners) listener({ event: 'freezes', approval_id: null }); });
  for (const name of ['created', 'updated', 'approved', 'denied', 'expired', 'canceled', 'executed']) {
    source.addEventListener(`approval.${name}`, (message) => {
      const hint = JSON.parse(message.data);
      for (const listener of listeners) listener(hint);
    });
  }
}

// A stream that is refused may only be busy; a page that is refused says that nobody is signed in.
async function signedIn() {
  try { return (await fetch('/menu', { headers: { accept: 'text/html' }, redirect: 'manual' })).status !== 401; } catch { return true; }
}

// What stands there may be old, and nothing on it can be answered any more.
function signedOut() {
  tell('out');
  for (const part of document.querySelectorAll('[data-yes], .decide button, [data-final] button')) { part.disabled = true; part.setAttribute('aria-disabled', 'true'); }
  const line = document.querySelector('[data-status]');
  if (!line) return;
  const link = document.createElement('a');
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = 'Sign in again';
  line.dataset.kept = '';
  line.replaceChildren('You are signed out here, so nothing can be answered. ', link);
}

function close() { source?.close(); source = null; }

/** Whether anything on this page listens. */
export function isLive() { return listeners.size > 0; }

/** Keeps the stream open while the tab is seen. */
export function keepLive() {
  if (listeners.size === 0) return;
  open();
  document.addEventListener('visibilitychange', () => { if (document.hidden) close(); else open(); });
  window.addEventListener('pagehide', close);
}
