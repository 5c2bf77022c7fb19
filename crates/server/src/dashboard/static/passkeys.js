// Reaches an authenticator. Each form with `data-passkey` names what is to be done; the button of such a form
// shows once a browser can do it.
import { create, explained, get, nowhere } from './webauthn.js';

async function ask(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const problem = await answer.json();
  if (!answer.ok) throw new Error(problem.detail);
  return problem;
}

async function run(form) {
  const { ticket, options } = await ask(form);
  const credential = await (form.dataset.passkey === "create" ? create : get)(options);
  form.elements.ticket.value = ticket;
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const elsewhere = nowhere();
  if (elsewhere) { form.before(explained(elsewhere)); continue; }
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const says = form.querySelector("[role=status]");
    says.textContent = "Waiting for your passkey";
    run(form).catch((error) => {
      says.textContent = error.name === "NotAllowedError" ? "It was not completed. Try again." : error.message;
    });
  });
}
