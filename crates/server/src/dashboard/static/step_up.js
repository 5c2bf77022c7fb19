// An answer that takes it is signed by a passkey just before it is sent, unless a code was typed.
import { explained, get, nowhere } from './webauthn.js';
import { say } from './main.js';

export function startStepUp() {
  for (const part of document.querySelectorAll('[data-step-up]')) {
    const says = part.querySelector('[data-step-up-says]');
    const elsewhere = nowhere();
    if (elsewhere) {
      says.replaceWith(explained(elsewhere));
      continue;
    }
    if (!window.PublicKeyCredential) {
      says.textContent = 'This browser cannot use a passkey here.';
      continue;
    }
    part.form.addEventListener('submit', (event) => {
      const { form } = part;
      if (event.defaultPrevented || form.elements.code?.value.trim()) return;
      event.preventDefault();
      says.textContent = 'Waiting for your passkey…';
      sign(form, part.dataset.stepUp).catch((error) => {
        delete form.dataset.sent;
        says.textContent = error.name === 'NotAllowedError' ? 'It was not completed, and nothing was answered. Try again.' : error.message;
        say(says.textContent);
      });
    });
  }
}

// The challenge is made of exactly what the form answers.
async function sign(form, place) {
  const answer = await fetch(place, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  const asked = await answer.json();
  if (!answer.ok) throw new Error(asked.detail);
  const credential = await get(asked.options);
  form.elements.ticket.value = asked.ticket;
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}
