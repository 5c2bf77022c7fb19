// Signing in, and showing that one answer is meant: with a passkey, with codes, with an identity provider.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { startProvider } from '../harness/idp.js';
import { agent, binary } from '../harness/server.js';

const RULE = `kind: Policy
name: refunds
rules:
  - {name: sure, actions: [stripe.refund], verdict: escalate, risk: low, approval: {assurance: step_up}}
  - {name: large, actions: [stripe.payout], verdict: escalate, risk: critical, approval: {assurance: step_up}}
`;

let it, bot, idp, here;
before(async () => {
  idp = await startProvider({ subject: 'subject-1', email: 'ana@example.com' });
  it = await world({}, [
    '--oidc-issuer', idp.issuer, '--oidc-client-id', 'countersign', '--oidc-client-secret', 'hush-hush', '--oidc-name', 'Example ID',
    '--allow-private-targets', '127.0.0.0/8,::1/128',
  ]);
  // Passkeys belong to a name, and on the loopback that is this one.
  here = it.server.url.replace('127.0.0.1', 'localhost');
  bot = await agent(it.server, 'support-bot');
  await it.server.admin.post('policies/apply', { files: [{ name: 'strict.yaml', text: RULE }] });
});
after(async () => { await it.end(); await idp.stop(); assert.deepEqual(it.troubles, [], 'nothing went wrong in a page'); });

const ask = async (amount, action = 'stripe.refund') => (await bot.post('approvals', { action, params: { amount, currency: 'EUR', customer: 'A. Lee' }, reasoning: 'because' })).id;
const see = (id) => it.server.admin.get(`approvals/${id}`);

/** A page of a fresh browser in which the admin is signed in, under this address of the server. */
async function signedIn(options = {}, address = here) {
  const link = (await it.server.admin.post('users/admin@localhost/link')).url.replace(it.server.url, address);
  const context = await it.browser.newContext(options);
  const page = await context.newPage();
  page.on('pageerror', (error) => it.troubles.push(String(error)));
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/account\/password/);
  return page;
}

/** A software authenticator in the page's browser, with someone in front of it. */
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  return { isVerified: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) };
}

/** The code of an authenticator app (RFC 6238) for a time. */
function totp(secret, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** What an auditor does with a record, by the documents alone. */
function verifies(proof) {
  const { subject, means } = proof;
  const hash = createHash('sha256');
  for (const part of ['countersign step-up v1', subject.org, subject.approval, subject.digest, subject.presented, subject.nonce]) {
    const length = Buffer.alloc(8);
    length.writeBigUInt64BE(BigInt(Buffer.byteLength(part)));
    hash.update(length).update(part);
  }
  const client = Buffer.from(means.client_data, 'base64url');
  const said = JSON.parse(client);
  assert.deepEqual([said.type, said.challenge, said.origin], ['webauthn.get', hash.digest('base64url'), here]);
  const data = Buffer.from(means.authenticator_data, 'base64url');
  assert.deepEqual(data.subarray(0, 32), createHash('sha256').update('localhost').digest());
  assert.equal(data[32] & 5, 5, 'someone was there, and it was them');
  const { x, y } = means.public_key.key.EC_EC2;
  const key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
  assert.ok(verify('sha256', signed, key, Buffer.from(means.signature, 'base64url')), 'the signature is of that key');
  signed[40] ^= 1;
  assert.ok(!verify('sha256', signed, key, Buffer.from(means.signature, 'base64url')));
}

test('a passkey is added, signs in, and signs an answer that can be verified afterwards', async () => {
  const page = await signedIn();
  const device = await authenticator(page);
  await page.goto(`${here}/account`);
  await page.getByLabel('What to call it').fill('this desk');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('Remove… this desk').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(/sign-in/);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.waitForURL(`${here}/approvals`);

  const id = await ask(45);
  await page.goto(`${here}/approvals/${id}`);
  await page.getByText('Your passkey is asked for').first().waitFor();
  await device.isVerified(false);
  await read(page);
  await page.getByRole('button', { name: /^Approve .*stripe\.refund.* of 45\.00 .*A\. Lee/ }).click();
  await page.getByText('nothing was answered').first().waitFor();
  assert.equal((await see(id)).status, 'pending');
  await device.isVerified(true);
  await page.getByRole('button', { name: /^Approve .*stripe\.refund.* of 45\.00 .*A\. Lee/ }).click();
  await page.waitForURL(/after=/);
  const approval = await see(id);
  assert.deepEqual([approval.status, approval.answers[0].assurance], ['approved', 'step_up']);
  const { proof } = (await it.server.admin.get('audit?kind=approval.approved')).items.at(-1).data;
  assert.deepEqual([proof.subject.approval, proof.subject.digest], [id, approval.digest]);
  verifies(proof);
  await page.goto(`${here}/approvals/${id}`);
  await page.getByText('signed with a passkey').waitFor();

  const denied = await ask(46);
  await page.goto(`${here}/approvals/${denied}`);
  await page.getByText('Deny…').first().click();
  await page.getByLabel('Why not').fill('too much');
  await page.getByRole('button', { name: 'Deny it' }).click();
  await page.waitForURL(/after=/);
  assert.equal((await see(denied)).answers[0].assurance, 'step_up');

  const edited = await ask(47);
  await page.goto(`${here}/approvals/${edited}/edit`);
  await page.getByLabel('amount', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Show the difference' }).click();
  await page.getByText('All that would run').waitFor();
  await read(page);
  await page.getByRole('button', { name: /^Approve .*stripe\.refund.* of 7\.00 .*A\. Lee/ }).click();
  await page.waitForURL(/after=/);
  const last = (await it.server.admin.get('audit?kind=approval.approved')).items.at(-1).data.proof;
  const made = await see(edited);
  assert.equal(last.subject.digest, made.answers[0].digest, 'it signed what the edit makes of it');
  verifies(last);

  const critical = await ask(9000, 'stripe.payout');
  await page.goto(`${here}/approvals/${critical}`);
  await read(page);
  await page.getByLabel('Why you approve it').fill('agreed');
  await page.getByLabel(/^Type/).fill('A. Lee');
  await page.locator('#final').getByRole('button', { name: /^Approve/ }).click();
  await page.waitForURL(/after=/);
  await page.goto(`${here}/account`);
  await page.getByText('Remove… this desk').click();
  await page.getByRole('button', { name: 'Remove this desk' }).click();
  await page.getByText('None yet.').waitFor();
  await page.context().close();
});

test('without scripts a code goes with the answer, and a wrong one keeps what was written', async () => {
  const page = await signedIn({ javaScriptEnabled: false });
  const id = await ask(50);
  await page.goto(`${here}/approvals/${id}`);
  await page.getByText('and you have neither').waitFor();
  await page.getByRole('link', { name: 'Add a passkey or an app' }).click();
  await page.getByRole('button', { name: 'Add an authenticator app' }).click();
  const secret = await page.locator('#totp-secret').textContent();
  await page.getByLabel('The code that it shows').fill(totp(secret));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Your recovery codes').waitFor();

  await page.goto(`${here}/approvals/${id}`);
  await page.getByText('Deny…').first().click();
  await page.getByLabel('Why not').fill('not this month');
  await page.locator('#no-code').fill('000000');
  await page.locator('#no-code').press('Enter');
  await page.getByText('This code is not right').waitFor();
  assert.equal(await page.getByLabel('Why not').inputValue(), 'not this month');
  assert.equal((await see(id)).status, 'pending');
  await page.locator('#no-code').fill(totp(secret, Date.now() + 30_000));
  await page.locator('#no-code').press('Enter');
  await page.waitForURL(/after=/);
  const denied = await see(id);
  assert.deepEqual([denied.status, denied.answers[0].assurance], ['denied', 'step_up']);
  const { means } = (await it.server.admin.get('audit?kind=approval.denied')).items.at(-1).data.proof;
  assert.deepEqual(means, { means: 'code' });
  await page.goto(`${here}/account`);
  await page.context().close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`an identity provider signs in a person who is known, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
    if (javaScriptEnabled) await it.server.admin.post('users', { email: 'ana@example.com', role: 'approver' });
    const context = await it.browser.newContext({ javaScriptEnabled });
    const page = await it.page('/people', context);
    await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('heading', { name: 'Example ID' }).waitFor();
    await page.getByRole('link', { name: 'Continue as ana@example.com' }).click();
    await page.waitForURL(`${it.server.url}/people`);
    await page.goto(`${it.server.url}/account`);
    await page.getByText('ana@example.com, approver').waitFor();
    await page.getByRole('cell', { name: 'identity provider' }).first().waitFor();
    assert.equal(await page.getByRole('button', { name: 'Add an authenticator app' }).count(), 0, 'the provider does not say that this was just now');
    await page.getByRole('button', { name: 'Sign in again' }).first().click();
    await page.getByRole('button', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('link', { name: 'Continue as ana@example.com' }).click();
    await page.waitForURL(`${it.server.url}/account`);
    await page.getByRole('button', { name: 'Add an authenticator app' }).waitFor();
    await context.close();
  });
}

test('a way back that another browser started is refused with a plain sentence and an id', async () => {
  const context = await it.browser.newContext();
  const page = await it.page('/sign-in/provider/back?state=csl_x&code=y', context);
  await page.getByText('This sign-in was started in another browser').waitFor();
  await page.getByText(/[0-9A-Z]{26}/).first().waitFor();
  await context.close();
});

test('countersign login is let in from a browser, after comparing the code', async () => {
  const home = await mkdtemp(path.join(tmpdir(), 'countersign-login-'));
  const env = { ...process.env, XDG_CONFIG_HOME: home, COUNTERSIGN_URL: '', COUNTERSIGN_TOKEN: '', USER: 'ana' };
  const run = (...words) => {
    const child = spawn(binary, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', err: '' };
    child.stdout.on('data', (part) => { said.out += part; });
    child.stderr.on('data', (part) => { said.err += part; });
    return { said, ended: new Promise((done) => child.once('exit', done)) };
  };
  const shown = async (program) => {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = /(http\S+\/login\?code=)(\S+)/.exec(program.said.err);
      if (found) return { url: found[1] + found[2], code: found[2] };
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`no code: ${program.said.err}`);
  };
  const refused = run('--url', it.server.url, 'login');
  const first = await shown(refused);
  const page = await it.page(new URL(first.url).pathname + new URL(first.url).search);
  await page.getByText('Did someone send you this link or this code?').waitFor();
  await page.getByText(/ana@/).first().waitFor();
  await page.getByRole('button', { name: 'Refuse it' }).click();
  await page.getByText('is refused').waitFor();
  assert.equal(await refused.ended, 4);
  assert.match(refused.said.err, /was refused/);

  const program = run('--url', it.server.url, 'login', '--machine', 'the desk');
  const { url, code } = await shown(program);
  await page.goto(url);
  await page.getByText(code, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Let it in' }).click();
  await page.getByText('is let in').waitFor();
  assert.equal(await program.ended, 0, program.said.err);
  const file = path.join(home, 'countersign/profiles/default.json');
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  const who = run('whoami');
  assert.equal(await who.ended, 0, who.said.err);
  assert.match(who.said.out, /admin@localhost/);
  const { token } = JSON.parse(await readFile(file, 'utf8'));
  const out = run('logout');
  assert.equal(await out.ended, 0, out.said.err);
  const dead = await fetch(`${it.server.url}/api/v1/orgs/default/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal(dead.status, 401, 'the token is revoked');
  await page.close();
  await rm(home, { recursive: true, force: true });
});
