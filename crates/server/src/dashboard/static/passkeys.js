// Reaches an authenticator. Each form with `data-passkey` names what is to be done; the button of such a form
// shows once a browser can do it.

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const ids = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));

async function ask(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.dataset.options, { method: "POST", body });
  const problem = await answer.json();
  if (!answer.ok) throw new Error(problem.detail);
  return problem;
}

async function create(options) {
  const { publicKey } = options;
  const made = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      user: { ...publicKey.user, id: decode(publicKey.user.id) },
      excludeCredentials: ids(publicKey.excludeCredentials),
    },
  });
  return {
    ...named(made),
    response: {
      attestationObject: encode(made.response.attestationObject),
      clientDataJSON: encode(made.response.clientDataJSON),
    },
  };
}

async function get(options) {
  const { publicKey } = options;
  const signed = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: decode(publicKey.challenge),
      allowCredentials: ids(publicKey.allowCredentials),
    },
  });
  const { authenticatorData, clientDataJSON, signature, userHandle } = signed.response;
  return {
    ...named(signed),
    response: {
      authenticatorData: encode(authenticatorData),
      clientDataJSON: encode(clientDataJSON),
      signature: encode(signature),
      userHandle: userHandle ? encode(userHandle) : null,
    },
  };
}

const named = (credential) => ({
  id: credential.id,
  rawId: encode(credential.rawId),
  type: credential.type,
  extensions: {},
});

// A form that carries its options already, as that of an answer does, needs no second request.
async function run(form) {
  const given = form.dataset.given && JSON.parse(form.dataset.given);
  const { ticket, options } = given || (await ask(form));
  const credential = await (form.dataset.passkey === "create" ? create : get)(options);
  form.elements.ticket.value = ticket;
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
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
