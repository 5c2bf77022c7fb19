// Dialogs, and the palette: every page by name, and a search for requests.

/** Opens a dialog; `fill` puts into its body what it shows. */
export function openDialog(title, fill) {
  document.querySelector('dialog[data-made]')?.remove();
  const dialog = document.createElement('dialog');
  dialog.dataset.made = '';
  const head = document.createElement('header');
  const name = document.createElement('h2');
  name.id = 'dialog-title';
  name.textContent = title;
  dialog.setAttribute('aria-labelledby', name.id);
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'small';
  close.textContent = 'Close';
  close.addEventListener('click', () => dialog.close());
  head.append(name, close);
  const body = document.createElement('div');
  body.className = 'body';
  fill(body);
  dialog.append(head, body);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Opens the palette. */
export function openPalette() {
  if (document.querySelector('dialog.palette')) return;
  const dialog = document.createElement('dialog');
  dialog.className = 'palette';
  dialog.setAttribute('aria-label', 'Search or go to');
  const field = document.createElement('input');
  field.type = 'text';
  field.placeholder = 'Go to a page, or search requests';
  field.setAttribute('aria-label', field.placeholder);
  field.setAttribute('role', 'combobox');
  field.setAttribute('aria-expanded', 'true');
  field.setAttribute('aria-controls', 'palette-list');
  const list = document.createElement('ul');
  list.id = 'palette-list';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Places');
  const places = [...document.querySelectorAll('.nav a, [data-stop], [data-edit], [data-pause]')].map((a) => ({ text: a.textContent.trim(), href: a.href, note: 'page' }))
    .concat([...document.querySelectorAll('[data-live-list] [data-row-link]')].map((a) => ({ text: a.closest('li.row')?.querySelector('.row-title').textContent.trim() ?? a.textContent.trim(), href: a.href, note: 'request' })));
  let chosen = 0;
  const draw = () => {
    const wanted = field.value.trim().toLowerCase();
    const found = places.filter((place) => place.text.toLowerCase().includes(wanted)).slice(0, 12);
    if (/^apr_[0-9A-Z]{26}$/.test(field.value.trim())) found.unshift({ text: field.value.trim(), href: `/approvals/${field.value.trim()}`, note: 'request' });
    if (wanted) found.push({ text: `Search all requests for “${field.value.trim()}”`, href: `/approvals?view=all&q=${encodeURIComponent(field.value.trim())}`, note: 'search' });
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.replaceChildren(...found.map((place, at) => {
      const item = document.createElement('li');
      item.setAttribute('role', 'option');
      item.id = `palette-${at}`;
      item.setAttribute('aria-selected', String(at === chosen));
      const link = document.createElement('a');
      link.href = place.href;
      link.tabIndex = -1;
      if (at === chosen) link.className = 'chosen';
      link.append(place.text);
      const note = document.createElement('small');
      note.textContent = place.note;
      link.append(note);
      item.append(link);
      return item;
    }));
    field.setAttribute('aria-activedescendant', found.length ? `palette-${chosen}` : '');
    list.children[chosen]?.scrollIntoView({ block: 'nearest' });
  };
  field.addEventListener('input', () => { chosen = 0; draw(); });
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') { chosen += 1; draw(); event.preventDefault(); }
    if (event.key === 'ArrowUp') { chosen = Math.max(0, chosen - 1); draw(); event.preventDefault(); }
    if (event.key === 'Enter') { list.children[chosen]?.querySelector('a')?.click(); event.preventDefault(); }
  });
  dialog.append(field, list);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  draw();
  dialog.showModal();
}

export function startPalette() {
  for (const opener of document.querySelectorAll('[data-opens="palette"]')) {
    opener.hidden = false;
    opener.addEventListener('click', openPalette);
  }
}
