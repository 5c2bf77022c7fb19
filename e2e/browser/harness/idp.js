// A small identity provider on the loopback: a page with one button, and everything the protocol takes.
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';

const coded = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** Starts it; `account` is whoever presses the button. */
export async function startProvider(account) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, issuer());
    const json = (status, value) => { response.writeHead(status, { 'content-type': 'application/json' }); response.end(JSON.stringify(value)); };
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(200, {
        issuer: issuer(), authorization_endpoint: `${issuer()}/authorize`, token_endpoint: `${issuer()}/token`, jwks_uri: `${issuer()}/jwks`,
        response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'],
        token_endpoint_auth_methods_supported: ['client_secret_post'],
      });
    }
    if (url.pathname === '/jwks') return json(200, { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'k' }] });
    if (url.pathname === '/authorize') {
      const code = randomUUID();
      codes.set(code, Object.fromEntries(url.searchParams));
      const back = new URL(url.searchParams.get('redirect_uri'));
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state'));
      response.writeHead(200, { 'content-type': 'text/html' });
      return response.end(`<!doctype html><html lang="en"><title>Example ID</title><h1>Example ID</h1><a href="${back.href.replaceAll('&', '&amp;')}">Continue as ${account.email}</a></html>`);
    }
    if (url.pathname === '/token') {
      let body = '';
      for await (const part of request) body += part;
      const form = new URLSearchParams(body);
      const asked = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const proved = asked && createHash('sha256').update(form.get('code_verifier')).digest('base64url') === asked.code_challenge;
      if (!proved || form.get('client_secret') !== 'hush-hush') return json(400, { error: 'invalid_grant' });
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: issuer(), aud: asked.client_id, sub: account.subject, email: account.email, email_verified: true, nonce: asked.nonce, iat: now, exp: now + 60, ...(asked.prompt === 'login' && asked.max_age === '0' ? { auth_time: now } : {}) };
      const text = `${coded({ alg: 'RS256', kid: 'k', typ: 'JWT' })}.${coded(claims)}`;
      const token = `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
      return json(200, { access_token: randomUUID(), token_type: 'Bearer', id_token: token });
    }
    return json(404, {});
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  // By name, so that for the browser it is another site than the server, which goes by its address.
  function issuer() { return `http://localhost:${server.address().port}`; }
  return { issuer: issuer(), stop: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}
