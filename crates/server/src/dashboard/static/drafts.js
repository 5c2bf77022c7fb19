// What somebody was writing is kept in this tab until it is sent, also over a sign-in. Never a password or a code,
// and never for anyone else: it is theirs whose address the page names.
import { say } from './main.js';
import { offer } from './unsent.js';

const BEGINS = 'countersign.draft.';
const BETWEEN = 'countersign.between';
const FIELDS = 'form[method=post] textarea[name], form[method=post] input[name=evidence], form[method=post] input[name^="edit."]:not([type=hidden])';

const place = (form, field) => `${form.getAttribute('action')} ${field.name}`;

function forget(keys) {
  for (const key of keys) sessionStorage.removeItem(BEGINS + key);
}

/** Forgets everything: whoever signs out may leave the browser to others. */
function forgetAll() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(BEGINS)) sessionStorage.removeItem(key);
}

export function startDrafts() {
  // A page of its own says that something came in between: a sign-in, or why nothing was changed.
  if (document.body.matches('.bare')) { sessionStorage.setItem(BETWEEN, 'yes'); return; }
  document.querySelector('form[action="/sign-out"]')?.addEventListener('submit', forgetAll);
  // The page after an answer says which one it was: what was written for that is sent.
  const after = new URLSearchParams(location.search).get('after');
  if (after) forget([after]);
  const page = document.querySelector('[data-draft]');
  if (!page) return;
  const { draft: id, who } = page.dataset;
  const fields = [...document.querySelectorAll(`main :is(${FIELDS})`)];
  const kept = read(id, who);
  // What was sent and led back here has arrived, unless something came in between.
  if (!sessionStorage.getItem(BETWEEN)) for (const key of kept.sent) delete kept.fields[key];
  sessionStorage.removeItem(BETWEEN);
  kept.sent = [];
  keep(id, kept);
  restore(fields, kept);
  // What was written for a request that somebody else has answered by now has no field any more.
  if (page.matches('[data-case]') && !document.querySelector('[data-answering]')) offer(Object.entries(kept.fields).filter(([key]) => !fields.some((field) => place(field.form, field) === key)).map(([, text]) => text));
  for (const field of fields) {
    field.addEventListener('input', () => {
      const now = read(id, who);
      const key = place(field.form, field);
      if (field.value === field.defaultValue) delete now.fields[key]; else now.fields[key] = field.value;
      now.sent = now.sent.filter((one) => one !== key);
      keep(id, now);
    });
  }
  for (const form of new Set(fields.map((field) => field.form))) {
    form.addEventListener('submit', () => {
      const now = read(id, who);
      const keys = fields.filter((field) => field.form === form).map((field) => place(form, field));
      keep(id, { ...now, sent: [...new Set([...now.sent, ...keys])] });
    });
  }
}

function keep(id, kept) {
  if (Object.keys(kept.fields).length === 0) forget([id]);
  else sessionStorage.setItem(BEGINS + id, JSON.stringify(kept));
}

function read(id, who) {
  const none = { who, fields: {}, sent: [] };
  try {
    const kept = JSON.parse(sessionStorage.getItem(BEGINS + id)) ?? none;
    return kept.who === who ? { ...none, ...kept } : none;
  } catch { return none; }
}

function restore(fields, kept) {
  let any = false;
  for (const field of fields) {
    const text = kept.fields[place(field.form, field)];
    if (text === undefined || field.value === text || field.value !== field.defaultValue) continue;
    // What the server kept of a refused answer is newer.
    if (field.defaultValue !== '' && !field.name.startsWith('edit.')) continue;
    field.value = text;
    any = true;
    for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
  }
  if (!any) return;
  const notice = document.createElement('div');
  notice.className = 'notice';
  notice.dataset.restored = '';
  const text = document.createElement('p');
  text.textContent = 'What you were writing here was not sent. It stands in its field again.';
  notice.append(text);
  document.querySelector('main [data-draft]').before(notice);
  say(text.textContent);
}
