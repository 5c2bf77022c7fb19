// The start: everything a page does beyond what it does without scripts.
import { keepTimes } from './times.js';
import { keepLive } from './live.js';
import { startInbox } from './inbox.js';
import { startCard } from './card.js';
import { watchFreezes } from './frozen.js';
import { startKeys } from './keys.js';
import { startPalette } from './palette.js';
import { startStepUp } from './step_up.js';
import { startDrafts } from './drafts.js';
import { watchTables } from './tables.js';

/** Says something in the status line, which screen readers read out. */
export function say(text) {
  const line = document.querySelector('[data-status]');
  if (!line || 'kept' in line.dataset) return;
  line.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { line.textContent = ''; }, 6000);
}

/** Loads a page of this server as a document. No text ever becomes markup in a script of ours. */
export function load(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('GET', address);
    request.responseType = 'document';
    request.setRequestHeader('Accept', 'text/html');
    request.onload = () => (request.status === 200 && request.response ? resolve(request.response) : reject(new Error(String(request.status))));
    request.onerror = () => reject(new Error('unreachable'));
    request.send();
  });
}

for (const select of document.querySelectorAll('[data-submits]')) {
  select.addEventListener('change', () => select.form.requestSubmit());
}
for (const menu of document.querySelectorAll('details.menu, details.menu-like, .filters details')) {
  document.addEventListener('click', (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && menu.open) { menu.open = false; menu.querySelector('summary').focus(); event.stopPropagation(); }
  });
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    say('Copied');
  });
}

keepTimes();
watchTables();
startInbox();
startCard();
startStepUp();
startDrafts();
watchFreezes();
keepLive();
startPalette();
startKeys();
