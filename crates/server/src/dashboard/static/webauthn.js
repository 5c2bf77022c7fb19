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

const named = (credential) => ({
  id: credential.id,
  rawId: encode(credential.rawId),
  type: credential.type,
  extensions: {},
});
