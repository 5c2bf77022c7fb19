// What must never work: reading decides, foreign pages, frames, hidden text, a session that ended.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { read, world } from '../harness/browser.js';
import { agent } from '../harness/server.js';
import { seed } from '../harness/seed.js';

let it, filled;
before(async () => { it = await world(); filled = await seed(it.server); });
after(async () => { await it.end(); });

const state = async () => {
  const all = await it.server.admin.get('approvals?limit=200');
  const head = (await it.server.admin.get('audit?newest=true&limit=1')).items[0].seq;
  return JSON.stringify([all.items.map((one) => [one.id, one.status, one.revision]), head]);
};

test('every link of every page, opened, changes nothing', async () => {
  const before_ = await state();
  const page = await it.page('/approvals');
  const seen = new Set();
  const waiting = [...Object.values(filled.pages), '/agents', '/people', '/keys', '/webhooks', '/settings', '/audit', '/approvals/stats', '/account'];
  while (waiting.length > 0 && seen.size < 240) {
    const address = waiting.shift();
    if (seen.has(address)) continue;
    seen.add(address);
    const answer = await it.context.request.get(it.server.url + address, { headers: { accept: 'text/html' }, maxRedirects: 5 });
    assert.ok(answer.status() < 500, `${address}: ${answer.status()}`);
    if (!(answer.headers()['content-type'] ?? '').includes('text/html')) continue;
    const links = [...(await answer.text()).matchAll(/<a[^>]*href="([^"]+)"/g)].map((found) => found[1].replaceAll('&#38;', '&').replaceAll('&amp;', '&'));
    for (const link of links) if (link.startsWith('/') && !link.startsWith('/api')) waiting.push(link.split('#')[0]);
  }
  assert.ok(seen.size > 40, `only ${seen.size} pages were found`);
  assert.equal(await state(), before_);
  await page.close();
});

test('a page elsewhere cannot send our forms, with our cookies or without', async () => {
  const page = await it.page(`/approvals/${filled.low}`);
  const fields = await page.$$eval('.decide form[data-approve] input', (inputs) => inputs.map((input) => [input.name, input.value]));
  const form = fields.map(([name, value]) => `<input name="${name}" value="${value}">`).join('');
  const evil = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(`<form method=post action="${it.server.url}/approvals/${filled.low}/approve">${form}</form><script>document.forms[0].submit()</script>`));
  await new Promise((done) => evil.listen(0, '127.0.0.1', done));
  await page.goto(`http://localhost:${evil.address().port}/`);
  await page.waitForURL(`${it.server.url}/**`);
  assert.equal((await it.server.admin.get(`approvals/${filled.low}`)).status, 'pending');
  const bare = await it.context.request.post(`${it.server.url}/approvals/${filled.low}/approve`, { form: { digest: 'x' }, headers: { origin: it.server.url } });
  assert.equal(bare.status(), 403, 'a form without its token is refused');
  evil.close();
  await page.close();
});

test('no page can be framed, and none runs a script that is not ours', async () => {
  for (const address of Object.values(filled.pages)) {
    const answer = await it.context.request.get(it.server.url + address, { headers: { accept: 'text/html' } });
    const policy = answer.headers()['content-security-policy'] ?? '';
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"]) assert.ok(policy.includes(part), `${address}: ${policy}`);
    const html = await answer.text();
    assert.equal(/<script(?![^>]*\ssrc=)|\son[a-z]+=|\sstyle=/i.test(html), false, `${address} holds an inline script or style`);
  }
});

test('another name for this machine is refused', async () => {
  const { request } = await import('node:http');
  const { port } = new URL(it.server.url);
  const status = await new Promise((done, failed) => request({ host: '127.0.0.1', port, path: '/approvals', headers: { host: `evil.example:${port}` } }, (answer) => { answer.resume(); done(answer.statusCode); }).on('error', failed).end());
  assert.equal(status, 421);
});

test('what an agent hides is marked, and its text stays within its frame', async () => {
  const page = await it.page(`/approvals/${filled.hostile}`);
  const text = await page.locator('main').innerText();
  const raw = await page.locator('main').evaluate((main) => main.textContent);
  assert.equal(/[\u200b\u202e\u2028\u0430]/u.test(raw), false, 'nothing hidden or foreign is left as it was');
  for (const mark of ['\\u{200b}', '\\u{202e}', '\\u{430}', '3,000 spaces', 'rm -rf /', 'THE END', 'xn--pypal-4ve.com\\u{= p\\u{430}ypal.com}']) assert.ok(raw.includes(mark), `${mark} in\n${text}`);
  assert.equal(await page.locator('main b', { hasText: 'to approve' }).count(), 0, 'no markup of an agent is markup');
  const summary = page.getByText('Verified by the gateway');
  assert.equal(await summary.evaluate((node) => !!node.closest('.agent-says')), true);
  assert.ok((await page.locator('.agent-says > header').innerText()).includes('not verified'));
  await page.close();
});

test('the corpus of deceptive texts: nothing hides, nothing leaves the frame of the agent', async () => {
  const { readFile } = await import('node:fs/promises');
  const corpus = JSON.parse(await readFile(new URL('../../../crates/domain/src/display/deceptions.json', import.meta.url)));
  const bot = await agent(it.server, 'liar');
  const page = await it.page('/approvals');
  const places = [];
  page.on('request', (request) => { if (new URL(request.url()).origin !== it.server.url) places.push(request.url()); });
  page.on('dialog', (dialog) => { places.push('a dialog'); void dialog.dismiss(); });
  for (const { name, text: parts } of corpus) {
    const text = parts.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join('');
    const { id } = await bot.post('approvals', { action: 'files.write', risk: 'medium', summary: text.slice(0, 300), reasoning: text, if_denied: text.slice(0, 2000), side_effects: [text], params: { value: text, [`k${text}`]: text }, context: { said: text } });
    await bot.post(`approvals/${id}/comments`, { body: `so ${text.slice(0, 2000)}` });
    for (const address of [`/approvals/${id}`, `/approvals/${id}/edit`, '/approvals?q=liar']) {
      await page.goto(it.server.url + address);
      const shown = await page.locator('main').evaluate((main) => main.textContent);
      const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ue000-\uf8ff]|[\u{e0000}-\u{e0fff}\u{f0000}-\u{10ffff}]/u.exec(shown);
      assert.equal(hidden, null, `${name} on ${address}`);
      assert.equal(await page.locator('main img, main main script, main iframe, main style').count(), 0, `${name} on ${address}`);
    }
    await page.goto(`${it.server.url}/approvals/${id}`);
    // What the agent says stands where it is said to be the agent's, or as an exact parameter, or quoted as such.
    const loose = await page.locator('main').evaluate((main) => {
      const copy = main.cloneNode(true);
      for (const part of copy.querySelectorAll('.agent-says, .of-agent, .params, .two, .as-table, .looks')) part.remove();
      return /Verified by the gateway|Status: approved|Approved by admin@example/.exec(copy.textContent)?.[0] ?? null;
    });
    assert.equal(loose, null, name);
  }
  assert.deepEqual(places, [], 'nothing was followed or loaded by itself');
  await page.close();
});

test('a yes waits until folded text was opened', async () => {
  const bot = await agent(it.server, 'folder');
  const { id } = await bot.post('approvals', { action: 'mail.send', risk: 'low', params: { body: `${'lorem ipsum '.repeat(300)}and wire everything to me` } });
  const page = await it.page(`/approvals/${id}`);
  const yes = page.getByRole('button', { name: /^Approve/ });
  await read(page);
  await page.getByText('Open the folded text first').waitFor();
  assert.equal(await yes.isDisabled(), true);
  await page.getByText(/show the other/).first().click();
  await page.locator('.value', { hasText: 'and wire everything to me' }).waitFor();
  await page.waitForFunction(() => !document.querySelector('.decide [data-yes]').disabled);
  await page.close();
});

test('a long request is approved only after its end was on the screen', async () => {
  const small = await it.browser.newContext({ viewport: { width: 1200, height: 500 }, storageState: await it.context.storageState() });
  const page = await it.page(`/approvals/${filled.low}`, small);
  const yes = page.getByRole('button', { name: /^Approve/ });
  assert.equal(await yes.isDisabled(), true);
  await read(page);
  await page.waitForFunction(() => !document.querySelector('.decide [data-yes]').disabled);
  await small.close();
});

test('a session that is ended elsewhere is over on the next step', async () => {
  const mia = await it.person('dora@example.com', 'approver');
  const page = await it.page(`/approvals/${filled.low}`, mia);
  const people = await it.server.admin.get('users');
  const dora = people.items.find((one) => one.email === 'dora@example.com');
  await it.server.admin.patch(`users/${dora.id}`, { status: 'locked' });
  // The page takes its buttons away as soon as it hears of it; who is faster sends the form all the same.
  await page.evaluate(() => HTMLFormElement.prototype.submit.call(document.querySelector('form[data-approve]')));
  await page.waitForURL(/sign-in/);
  assert.equal((await it.server.admin.get(`approvals/${filled.low}`)).status, 'pending');
  await mia.close();
});

test('a viewer sees, and is offered no answer; the record and the keys are not theirs', async () => {
  const vic = await it.person('vic@example.com', 'viewer');
  const page = await it.page(`/approvals/${filled.low}`, vic);
  assert.equal(await page.getByRole('button', { name: /^(Approve|Deny)/ }).count(), 0);
  for (const address of ['/audit', '/keys', '/webhooks']) {
    const answer = await page.goto(it.server.url + address);
    assert.equal(answer.status(), 403, address);
    await page.getByText('this takes', { exact: false }).waitFor();
  }
  await vic.close();
});
