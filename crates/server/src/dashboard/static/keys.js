// Keys. None of one letter works inside a field, all of these can be switched off, and on high risk `y` only leads to
// the form. Where one writes, Ctrl and Enter send what was written, as its button would.
import { held, openPanel } from './card.js';
import { openDialog, openPalette } from './palette.js';
import { say } from './main.js';

const OFF = 'countersign.keys-off';
const off = () => localStorage.getItem(OFF) === 'yes';
let chord = null;

const PLACES = { i: '/approvals', s: '/approvals/stats', a: '/agents', r: '/audit', p: '/people', k: '/keys', w: '/webhooks', o: '/settings', l: '/policies', b: '/budgets', n: '/grants', t: '/tools', u: '/groups', f: '/freezes' };

export const HELP = [
  [['j', 'k'], 'next and previous request'], [['Enter'], 'open it'], [['x'], 'pick it'],
  [['y'], 'approve; on more than low risk, open the confirmation'], [['n'], 'deny, with a reason'], [['e'], 'approve with edits'],
  [['a'], 'the inbox, from anywhere'], [['q'], 'ask a question'], [['c'], 'remark'], [['.'], 'pause the agent; elsewhere, freeze'], [['u'], 'back to the inbox'], [['/'], 'search'],
  [['g', 'i'], 'go to the inbox; g s statistics, g a agents, g r record'], [['g', 'f'], 'freezes; g l policies, g b budgets, g n grants, g t tools'],
  [['g', 'p'], 'people; g u groups, g k keys, g w webhooks, g o settings'],
  [['Ctrl', 'Enter'], 'where you write, and in an open confirmation: send it'], [['Ctrl', 'K'], 'search or go to'], [['?'], 'this help'],
];

// A closed group is a stop of its own, and what is in it is none.
function rows() {
  const all = document.querySelectorAll('[data-live-list] [data-row-link], [data-live-list] .alike > summary');
  return [...all].filter((row) => row.checkVisibility());
}
function here() { return rows().indexOf(document.activeElement); }
function step(by) {
  const all = rows();
  if (all.length === 0) return;
  const at = here();
  const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

// Whoever writes goes on writing when the field is taken away under their fingers, by a page that changed or another one
// that came: until they pause, letters are still words, and no keys.
const PAUSE = 1500;
const WROTE = 'countersign.wrote';
let but = '';
function wrote(except = '') { but = except; sessionStorage.setItem(WROTE, Date.now()); }
function paused() { but = ''; sessionStorage.removeItem(WROTE); }
const writes = (key) => key !== but && Date.now() - Number(sessionStorage.getItem(WROTE)) < PAUSE;

// From a list nothing is answered: what is picked is looked at once more, or the marked request is opened.
function inList(say, place) {
  if (document.querySelector('[data-case]')) return false;
  const button = say && document.querySelector(`[data-bulk] button[value=${say}]`);
  if (button && document.querySelector('input[name=id]:checked')) button.click();
  else if (rows()[here()]?.href) location.assign(rows()[here()].href + place);
  return true;
}

function yes() {
  const friction = document.querySelector('[data-case]')?.dataset.friction;
  if (friction && held()) {
    // Whoever takes it for the form and writes on does nothing else by that.
    wrote('y');
    say(`${document.querySelector('[data-status]')?.textContent ?? ''} Press y again to read on.`.trim());
  } else if (friction === 'press') {
    const form = document.querySelector('.decide [data-approve]');
    const button = form?.querySelector('[data-yes]');
    if (button && !button.disabled) form.requestSubmit(button);
  } else if (friction === 'confirm') confirm();
  else {
    const final = document.getElementById('final');
    final?.scrollIntoView({ block: 'start' });
    final?.querySelector('textarea')?.focus();
  }
}

// The confirmation is opened, and nothing in it is begun: another `y` from habit neither answers nor writes.
function confirm() {
  const panel = document.querySelector('[data-confirm]');
  if (!panel) return;
  panel.open = true;
  panel.scrollIntoView({ block: 'nearest' });
  const form = panel.querySelector('form');
  form.tabIndex = -1;
  form.focus({ preventScroll: true });
  say('Ctrl and Enter approve it; Tab leads to the notes.');
}

const ACTS = {
  j: () => step(1), k: () => step(-1),
  x: () => { const pick = document.activeElement?.closest('[data-id]')?.querySelector('input[type=checkbox]'); if (pick && !pick.disabled) pick.click(); },
  y: () => { if (!inList('approve', '')) yes(); },
  n: () => { if (!inList('deny', '#deny')) openPanel('[data-deny]'); },
  q: () => { if (!inList('', '#ask')) openPanel('[data-ask]'); },
  e: () => { if (!inList('', '/edit')) document.querySelector('[data-edit]')?.click(); },
  c: () => { const add = document.querySelector('[data-comment]')?.parentElement; if (add) { add.open = true; add.querySelector('textarea').focus(); } },
  '.': () => (document.querySelector('[data-pause]') ?? document.querySelector('[data-stop]'))?.click(),
  u: () => { if (document.querySelector('[data-case]')) location.assign('/approvals'); },
  '/': () => { const field = document.querySelector('[data-search]'); if (field) field.focus(); else openPalette(); },
  '?': help,
  a: () => { if (location.pathname !== '/approvals') location.assign('/approvals'); else step(0); },
};

// As if the button were pressed: what holds it back, holds this back.
function sends(form) {
  if (form?.method !== 'post') return;
  const buttons = [...form.querySelectorAll('button[type=submit], button:not([type])')].filter((button) => button.checkVisibility());
  const [button] = buttons;
  if (buttons.length !== 1 || ('yes' in button.dataset && held()) || button.disabled || form.dataset.sent) return;
  form.requestSubmit(button);
}

function help() {
  openDialog('Keys', (body) => {
    const list = document.createElement('dl');
    list.className = 'keys';
    for (const [keys, text] of HELP) {
      const term = document.createElement('dt');
      for (const key of keys) { const kbd = document.createElement('kbd'); kbd.textContent = key; term.append(kbd); }
      const meaning = document.createElement('dd');
      meaning.textContent = text;
      list.append(term, meaning);
    }
    const label = document.createElement('label');
    label.className = 'choice';
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.checked = off();
    box.addEventListener('change', () => { if (box.checked) localStorage.setItem(OFF, 'yes'); else localStorage.removeItem(OFF); });
    label.append(box, ' Switch single keys off in this browser');
    body.append(list, label);
  });
}

export function startKeys() {
  document.addEventListener('pointerdown', paused);
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') { event.preventDefault(); openPalette(); return; }
    if ((event.ctrlKey || event.metaKey) && event.key === 'Enter' && event.target.matches?.('textarea, select, input:not([type=checkbox], [type=radio]), [data-confirm] form')) { event.preventDefault(); paused(); sends(event.target.form ?? event.target); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = event.target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');
    if (field) { if (['Escape', 'Tab', 'Enter'].includes(event.key)) paused(); else wrote(); if (event.key === 'Escape') field.blur(); return; }
    if (event.key.length === 1 && writes(event.key)) { event.preventDefault(); wrote(but); return; }
    if (document.querySelector('dialog[open]')) return;
    if (off() && event.key !== '?') return;
    if (chord && Date.now() - chord < 1200) {
      chord = null;
      if (PLACES[event.key]) { event.preventDefault(); location.assign(PLACES[event.key]); }
      return;
    }
    if (event.key === 'g') { chord = Date.now(); return; }
    const act = ACTS[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  const panel = { '#deny': '[data-deny]', '#ask': '[data-ask]' }[location.hash];
  if (panel) openPanel(panel);
}
