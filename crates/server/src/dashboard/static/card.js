// One request: what changed elsewhere is shown, a yes waits until everything could be seen, and at zero the
// buttons go.
import { load, say } from './main.js';
import { onHint } from './live.js';
import { showTimes } from './times.js';
import { named, watch } from './seen.js';
import { offer, written } from './unsent.js';

/** Whether a yes still waits for something to be seen; says what, and leads there. */
export let held = () => false;

export function startCard() {
  edits();
  const reading = document.querySelector('[data-reading]');
  if (reading) gate(reading);
  confirmations();
  const review = document.querySelector('[data-review]');
  if (review) followReview(review);
  const card = document.querySelector('[data-case]');
  if (!card) return;
  countdown(card);
  follow(card);
  prepared();
  once();
  document.querySelector('[data-bar-deny]')?.addEventListener('click', (event) => {
    event.preventDefault();
    openPanel('[data-deny]');
  });
  document.querySelector('[data-bar-approve]')?.addEventListener('click', (event) => {
    const waits = held();
    if (!waits && !document.querySelector('[data-confirm]')) return;
    event.preventDefault();
    if (!waits) openPanel('[data-confirm]');
  });
}

// The bar at the foot of a phone goes while the buttons it leads to stand on the screen themselves.
function once() {
  const [bar, decide] = [document.querySelector('[data-bar]'), document.getElementById('decide')];
  if (!bar || !decide) return;
  new IntersectionObserver(([seen]) => bar.toggleAttribute('data-out', seen.isIntersecting), { rootMargin: '0px 0px -160px 0px' }).observe(decide);
}

/** Opens one of the ways to answer, and puts the cursor where one writes. */
export function openPanel(which) {
  const panel = document.querySelector(which);
  if (!panel) return false;
  panel.open = true;
  panel.scrollIntoView({ block: 'nearest' });
  (panel.querySelector('textarea') ?? panel.querySelector('input:not([type=hidden])'))?.focus();
  return true;
}

// A yes waits until every part of what is to be read, a request or an edited version of it, stood on the screen for
// a moment and nothing that is folded was left unopened. Neither a jump to the end nor a key gets past that.
function gate(reading) {
  const buttons = () => document.querySelectorAll('[data-yes]');
  if (buttons().length === 0) return;
  // The raw view repeats the parameters; it need not be opened.
  const folds = [...reading.querySelectorAll('.fold')].filter((fold) => !fold.closest('.as-table'));
  let unseen = null;
  const left = () => folds.filter((fold) => !fold.open && !fold.dataset.opened).length;
  const why = () => {
    if (document.querySelector('[data-changed]:not([hidden])')) return 'This request changed while you looked.';
    if (document.documentElement.dataset.stream === 'out') return 'You are signed out here.';
    if (unseen === null) return 'Read to the end of the request first.';
    const places = [...new Set(unseen.map(named))];
    if (places.length > 0) return `Not on the screen yet: ${places[0]}${places.length > 1 ? `, and ${places.length - 1} more` : ''}.`;
    return left() > 0 ? `Open the folded text first (${left()} left).` : '';
  };
  const show = () => {
    const text = why();
    const said = document.querySelector('[data-status]');
    if (text === '' && said && !('kept' in said.dataset) && /^(Not on the screen yet|Read to the end|Open the folded)/.test(said.textContent)) said.textContent = '';
    for (const line of document.querySelectorAll('[data-gate]')) { line.textContent = text; line.toggleAttribute('data-free', text === ''); }
    for (const button of buttons()) {
      if (button.tagName === 'BUTTON') button.disabled = text !== '';
      else button.setAttribute('aria-disabled', String(text !== ''));
    }
    // At the foot of a phone it leads to what was not seen yet, and says so.
    const bar = document.querySelector('[data-bar-approve]');
    bar?.toggleAttribute('data-held', text !== '');
    if (bar) bar.textContent = text === '' ? 'Approve…' : 'Read on…';
  };
  held = () => {
    const text = why();
    if (text) { say(text); (unseen?.[0] ?? folds.find((fold) => !fold.open))?.scrollIntoView({ block: 'center' }); }
    return text !== '';
  };
  for (const fold of folds) fold.addEventListener('toggle', () => { fold.dataset.opened = 'yes'; show(); });
  for (const button of buttons()) {
    if (button.tagName !== 'BUTTON') button.addEventListener('click', (event) => { if (button.getAttribute('aria-disabled') === 'true') { event.preventDefault(); held(); } });
  }
  show();
  watch(reading, (parts) => { unseen = parts; show(); });
  const typed = document.querySelector('[data-telltale]');
  if (typed) {
    const fits = () => typed.setAttribute('aria-invalid', String(typed.value !== '' && !typed.dataset.telltale.startsWith(typed.value)));
    typed.addEventListener('input', fits);
  }
}

function countdown(card) {
  const time = card.querySelector('[data-countdown] time');
  if (!time) return;
  const told = new Set();
  const tick = () => {
    const left = Date.parse(time.dateTime) - Date.now();
    for (const minutes of [5, 1]) {
      if (left < minutes * 60000 && left > (minutes * 60 - 30) * 1000 && !told.has(minutes)) {
        told.add(minutes);
        say(`${minutes} minute${minutes > 1 ? 's' : ''} left to answer`);
      }
    }
    const shown = card.querySelector('[data-countdown]');
    if (!shown) { clearInterval(timer); return; }
    shown.classList.toggle('soon', left < 900000);
    if (left > 0) return;
    clearInterval(timer);
    const unsent = written([...document.querySelectorAll('[data-answering] form, [data-final] form')]);
    for (const part of document.querySelectorAll('[data-answering], [data-final], [data-bar]')) part.remove();
    offer(unsent);
    const over = document.querySelector('[data-timed-out]');
    if (over) over.hidden = false;
    say('Time is up');
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/** Looks at a request again whenever something happened to it. */
function lookAgain(id, look) {
  let waiting = 0;
  const fetched = async () => {
    waiting = 0;
    let page;
    try { page = await load(`/approvals/${id}`); } catch { return; }
    look(page);
  };
  onHint((hint) => { if ((hint.approval_id === id || hint.event === 'missed') && !waiting) waiting = setTimeout(fetched, 150); });
}

const PRESENTED = '#decide input[name=presented], [data-final] input[name=presented]';

function forbid() {
  for (const part of document.querySelectorAll('[data-yes]')) { part.disabled = true; part.setAttribute('aria-disabled', 'true'); }
}

// An edited version that is looked at: once the request is answered or another, it cannot be confirmed any more.
function followReview(review) {
  const notice = document.querySelector('[data-changed]');
  lookAgain(review.dataset.id, (page) => {
    const answered = !page.querySelector('[data-answering]');
    const same = page.querySelector(PRESENTED)?.value === document.querySelector(PRESENTED)?.value;
    if (!notice.hidden || (!answered && same)) return;
    const outcome = page.querySelector('.outcome .big')?.textContent.trim();
    if (answered) notice.querySelector('[data-changed-how]').textContent = `${outcome ?? 'It was answered'}, while you looked.`;
    notice.hidden = false;
    notice.scrollIntoView({ block: 'nearest' });
    forbid();
    for (const line of document.querySelectorAll('[data-gate]')) line.textContent = 'This request changed while you looked.';
    say(notice.querySelector('[data-changed-how]').textContent);
  });
}

function follow(card) {
  lookAgain(card.dataset.id, (page) => {
    const next = page.querySelector('[data-case]');
    if (!next || next.dataset.revision === card.dataset.revision) return;
    const before = document.querySelector(PRESENTED)?.value;
    const after = page.querySelector(PRESENTED)?.value;
    const answered = !page.querySelector('[data-answering]') && !!document.querySelector('[data-answering]');
    const changed = before && after && before !== after;
    const unsent = answered ? written([...document.querySelectorAll('.decide form, [data-final] form')]) : [];
    if (changed) document.querySelector('[data-changed]').hidden = false;
    for (const part of document.querySelectorAll('[data-live]')) {
      const other = page.querySelector(`[data-live="${part.dataset.live}"]`);
      // What someone is writing in is never taken from under their hands.
      const busy = part.contains(document.activeElement) || part.querySelector('details[open] textarea');
      if (!other || (busy && !(answered && part.dataset.live === 'decide'))) continue;
      if (part.dataset.live === 'decide' && !answered) continue;
      part.replaceWith(document.importNode(other, true));
    }
    if (answered) for (const part of document.querySelectorAll('[data-final], [data-bar]')) part.remove();
    if (changed) forbid();
    offer(unsent);
    card.dataset.revision = next.dataset.revision;
    document.title = page.title;
    showTimes();
    say(answered ? page.querySelector('.outcome .big')?.textContent.trim() ?? 'It was answered' : 'This request changed');
  });
}

function prepared() {
  for (const choice of document.querySelectorAll('[data-prepared]')) {
    choice.addEventListener('change', () => { document.getElementById('reason').value = choice.value; });
  }
}

// While one edits: a number is checked against what the schema permits as soon as it is typed.
function edits() {
  for (const field of document.querySelectorAll('[data-number]')) {
    field.addEventListener('input', () => {
      const { least, most } = field.dataset;
      const number = Number(field.value);
      let why = '';
      if (field.value.trim() === '' || Number.isNaN(number)) why = 'This has to be a number.';
      else if (least !== undefined && number < Number(least)) why = `At least ${least} is permitted.`;
      else if (most !== undefined && number > Number(most)) why = `At most ${most} is permitted.`;
      field.setCustomValidity(why);
      field.setAttribute('aria-invalid', String(why !== ''));
      if (why) field.reportValidity();
    });
  }
}

// A form is sent once; a second press while it is under way does nothing.
function confirmations() {
  for (const form of document.querySelectorAll('.decide form, [data-final] form, form[data-final]')) {
    form.addEventListener('submit', (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
      setTimeout(() => { delete form.dataset.sent; }, 4000);
    });
  }
  window.addEventListener('pageshow', () => { for (const form of document.forms) delete form.dataset.sent; });
}
