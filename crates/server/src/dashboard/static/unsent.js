// What somebody was writing while somebody else decided: it stays, to be copied or sent as a remark.

/** What was written in forms that are about to go, and that nobody sent. */
export function written(forms) {
  const fields = forms.flatMap((form) => [...form.querySelectorAll('textarea')]);
  return fields.filter((field) => field.value.trim() !== '' && field.value !== field.defaultValue).map((field) => field.value);
}

/** Shows texts that were not sent, above the request, in a form that sends them as a remark. */
export function offer(texts) {
  const remark = document.querySelector('#thread form');
  const card = document.querySelector('[data-case]');
  if (texts.length === 0 || !remark || !card || document.querySelector('.unsent')) return;
  const panel = document.createElement('section');
  panel.className = 'panel unsent';
  const header = document.createElement('header');
  const [title, more] = [document.createElement('h2'), document.createElement('span')];
  title.textContent = 'What you were writing';
  more.className = 'more';
  more.textContent = 'it was not sent';
  header.append(title, more);
  const form = remark.cloneNode(true);
  form.className = 'body stack';
  const [label, field] = [form.querySelector('label'), form.querySelector('textarea')];
  label.textContent = 'Copy it, or send it as a remark';
  label.htmlFor = 'unsent';
  field.id = 'unsent';
  field.value = texts.join('\n\n');
  form.querySelector('button').textContent = 'Send it as a remark';
  // Then it is no draft any more.
  form.addEventListener('submit', () => sessionStorage.removeItem(`countersign.draft.${card.dataset.draft}`));
  panel.append(header, form);
  card.before(panel);
  // Who was writing writes on here, and not into keys.
  if (document.activeElement === document.body || !document.activeElement) { field.focus(); field.setSelectionRange(field.value.length, field.value.length); }
}
