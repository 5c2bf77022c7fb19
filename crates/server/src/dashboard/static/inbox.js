// The inbox: nothing moves under pointer or focus. New requests wait behind a button whose place is kept; a row
// that was decided elsewhere turns grey where it stands.
import { load } from './main.js';
import { onHint } from './live.js';
import { showTimes } from './times.js';
import { watchTables } from './tables.js';

export function startInbox() {
  const form = document.querySelector('[data-live-list]');
  if (!form) return;
  const base = document.title.replace(/^\(\d[\d,]*\) /, '');
  const button = document.querySelector('[data-news]');
  let fresh = null;
  let waiting = 0;

  const ids = (root) => [...root.querySelectorAll('[data-live-list] [data-id]')].map((row) => row.dataset.id);

  async function look() {
    waiting = 0;
    let page;
    try { page = await load(location.href); } catch { return; }
    const here = new Set(ids(document));
    const there = new Set(ids(page));
    const news = [...there].filter((id) => !here.has(id));
    fresh = page;
    button.textContent = `Show ${news.length} new`;
    button.toggleAttribute('data-any', news.length > 0);
    document.title = page.title;
    icon(page);
    const count = document.querySelector('.tabs .count');
    const now = page.querySelector('.tabs .count');
    if (count && now) count.textContent = now.textContent;
    for (const row of document.querySelectorAll('[data-live-list] li.row[data-id]')) {
      const other = page.getElementById(row.id);
      if (other && other.dataset.revision !== row.dataset.revision) replace(row, other);
      if (!other && !row.classList.contains('over')) await gone(row);
    }
    for (const row of document.querySelectorAll('[data-live-list] tr[data-id]')) {
      if (!there.has(row.dataset.id)) {
        row.classList.add('over');
        const pick = row.querySelector('input[type=checkbox]');
        if (pick) { pick.checked = false; pick.disabled = true; }
      }
    }
    count_picked();
  }

  // The icon of the tab carries the count as well.
  function icon(page) {
    const mine = document.querySelector('link[rel=icon]'), theirs = page.querySelector('link[rel=icon]');
    const href = theirs?.getAttribute('href');
    if (mine && href && mine.getAttribute('href') !== href) mine.setAttribute('href', href);
  }

  // The row keeps its place, its height and its focus; only what it says changes.
  function replace(row, other) {
    const focused = row.contains(document.activeElement) && document.activeElement;
    const picked = row.querySelector('input[type=checkbox]')?.checked;
    const height = row.getBoundingClientRect().height;
    row.className = other.className;
    row.dataset.revision = other.dataset.revision;
    for (const part of ['.pick', '.row-risk', '.row-end', '.row-cost']) {
      const from = other.querySelector(part), to = row.querySelector(part);
      if (from && to) to.replaceChildren(...document.importNode(from, true).childNodes);
    }
    const pick = row.querySelector('input[type=checkbox]');
    if (pick && picked) pick.checked = true;
    showTimes(row);
    if (focused && !document.contains(focused)) row.querySelector('a')?.focus({ preventScroll: true });
    const grown = row.getBoundingClientRect().height - height;
    if (grown > 0 && row.getBoundingClientRect().top < 0) window.scrollBy(0, grown);
  }

  async function gone(row) {
    try {
      const page = await load(`/approvals/${row.dataset.id}/row`);
      const other = page.querySelector('li.row');
      if (other) { replace(row, other); row.classList.add('over'); }
    } catch { row.classList.add('over'); }
  }

  onHint((hint) => { if (!waiting && hint.event !== 'freezes') waiting = setTimeout(look, 250); });

  button.addEventListener('click', () => {
    if (!fresh) return;
    const next = fresh.querySelector('[data-live-list]');
    form.replaceChildren(...document.importNode(next, true).childNodes);
    button.removeAttribute('data-any');
    document.title = fresh.title;
    icon(fresh);
    showTimes(form);
    watchTables(form);
    groups();
    count_picked();
    form.querySelector('[data-row-link]')?.focus();
  });

  const bar = () => form.querySelector('[data-bulk]');
  function count_picked() {
    const count = form.querySelectorAll('input[name=id]:checked').length;
    const line = form.querySelector('[data-bulk-count]');
    if (!line) return;
    line.textContent = count === 0 ? 'Low and medium risk can be answered together: pick requests, then look at them once more.' : `${count} picked`;
    for (const one of bar().querySelectorAll('button[name=say]')) {
      one.disabled = count === 0;
      one.textContent = `${one.value === 'approve' ? 'Approve' : 'Deny'} ${count ? `${count} picked` : 'picked'}…`;
    }
    const none = form.querySelector('[data-unpick]');
    none.hidden = count === 0;
  }
  function groups() {
    for (const one of form.querySelectorAll('[data-pick-group]')) {
      one.hidden = false;
      one.addEventListener('click', () => {
        for (const pick of one.closest('.alike').querySelectorAll('input[name=id]')) pick.checked = !pick.disabled;
        count_picked();
      });
    }
  }
  form.addEventListener('change', count_picked);
  form.addEventListener('click', (event) => {
    if (!event.target.closest('[data-unpick]')) return;
    for (const pick of form.querySelectorAll('input[name=id]:checked')) pick.checked = false;
    count_picked();
    form.querySelector('input[name=id]')?.focus({ preventScroll: true });
  });
  groups();
  count_picked();
  if (!base) document.title = 'Countersign';
}
