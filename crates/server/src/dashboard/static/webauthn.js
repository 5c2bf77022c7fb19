// What a browser is asked to do with an authenticator, and what came of it, as JSON.

const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const ids = (list) => (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));

export async function create(options) {
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

export async function get(options) {
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

/** Why no passkey works here, and where it would; null where one does. Browsers keep passkeys for names only. */
export function nowhere() {
  if (!/^\[|^[\d.]+$/.test(location.hostname)) return null;
  const local = /^127\.|^\[::1\]$/.test(location.hostname);
  const why = 'Browsers keep passkeys for a name, and this page was opened by a number.';
  return { why, there: local ? `${location.protocol}//localhost${location.port ? `:${location.port}` : ''}${location.pathname}${location.search}` : null };
}

/** The same as a paragraph. */
export function explained({ why, there }) {
  const line = document.createElement('p');
  line.className = 'quiet small';
  line.dataset.noPasskey = '';
  line.textContent = there ? `${why} Open it as ` : `${why} Open it under the name that it was given with --public-url.`;
  if (there) {
    const link = document.createElement('a');
    link.href = there;
    link.textContent = new URL(there).host;
    line.append(link, ' to use one.');
  }
  return line;
}

const named = (credential) => ({
  id: credential.id,
  rawId: encode(credential.rawId),
  type: credential.type,
  extensions: {},
});
