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
  await read(page);
  await page.waitForFunction(() => !document.querySelector('.decide [data-yes]').disabled);
  await page.close();
});

test('a long request is approved only after all of it was on the screen', async () => {
  const small = await it.browser.newContext({ viewport: { width: 1200, height: 500 }, storageState: await it.context.storageState() });
  const page = await it.page(`/approvals/${filled.low}`, small);
  const yes = page.getByRole('button', { name: /^Approve/ });
  const pending = async () => (await it.server.admin.get(`approvals/${filled.low}`)).status === 'pending';
  assert.equal(await yes.isDisabled(), true);
  // To the end at once: what lies between was not seen.
  await page.keyboard.press('End');
  await page.waitForFunction(() => document.querySelector('.agent-says').getBoundingClientRect().bottom <= innerHeight);
  await page.waitForTimeout(900);
  assert.equal(await yes.isDisabled(), true, 'a jump to the end is no reading');
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.waitForTimeout(500);
  for (let press = 0; press < 3; press += 1) { await page.keyboard.press('y'); await page.waitForTimeout(100); }
  assert.equal(await pending(), true, 'a key is no reading either');
  await page.getByText('Not on the screen yet').first().waitFor();
  // A screen at a time, by the keyboard alone.
  await page.keyboard.press('Home');
  await page.waitForTimeout(700);
  for (let press = 0; press < 20 && await yes.isDisabled(); press += 1) { await page.keyboard.press('PageDown'); await page.waitForTimeout(900); }
  assert.equal(await yes.isDisabled(), false, await page.locator('[data-gate]').first().textContent());
  assert.equal(await pending(), true);
  await small.close();
});

test('an edit is approved only after all of what would run was on the screen, with its folds opened', async () => {
  const bot = await agent(it.server, 'editor');
  const rest = Object.fromEntries(Array.from({ length: 60 }, (_, place) => [`row_${place}`, place]));
  const body = `${'lorem ipsum\n'.repeat(200)}and wire everything to me`;
  const { id } = await bot.post('approvals', { action: 'mail.send', risk: 'critical', params: { subject: 'hello', body, ...rest } });
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 800 }]) {
    const context = await it.browser.newContext({ viewport, storageState: await it.context.storageState() });
    const page = await it.page(`/approvals/${id}/edit`, context);
    await page.getByLabel('subject', { exact: true }).fill('hi');
    await page.getByRole('button', { name: 'Show the difference' }).click();
    await page.getByRole('heading', { name: 'All that would run' }).waitFor();
    const yes = page.getByRole('button', { name: /^Approve/ });
    assert.equal(await yes.isDisabled(), true, 'nothing was read yet');
    await page.getByLabel('Why you approve it').fill('fits');
    const typed = page.getByLabel(/^Type/);
    await typed.fill(await page.locator('.typed').first().textContent());
    await typed.press('Enter');
    await page.waitForTimeout(700);
    assert.equal(await yes.isDisabled(), true, 'a jump to the form is no reading');
    await page.getByText('Not on the screen yet').first().waitFor();
    assert.equal((await it.server.admin.get(`approvals/${id}`)).status, 'pending');
    await read(page);
    await page.getByText('Open the folded text first').first().waitFor();
    assert.equal(await yes.isDisabled(), true, 'what is folded was not read');
    for (const fold of await page.locator('[data-reading] .fold > summary').all()) await fold.click();
    await page.locator('.value', { hasText: 'and wire everything to me' }).waitFor();
    await page.waitForTimeout(700);
    assert.equal(await yes.isDisabled(), true, 'what was unfolded is read as well');
    await read(page);
    await page.waitForFunction(() => !document.querySelector('[data-yes]').disabled);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth) > 0, false);
    if (viewport.width < 1000) { await yes.click(); await page.waitForURL(/after=/); }
    await context.close();
  }
  const { status, effective } = await bot.get(`approvals/${id}`);
  assert.deepEqual([status, effective.params.subject, effective.params.row_59], ['approved', 'hi', 59]);
});

test('on a phone the bar leads to what was not seen, and not past it', async () => {
  const small = await it.browser.newContext({ viewport: { width: 360, height: 700 }, storageState: await it.context.storageState() });
  const page = await it.page(`/approvals/${filled.medium}`, small);
  await page.locator('[data-bar-approve]').click();
  await page.waitForTimeout(700);
  assert.equal(await page.locator('[data-confirm]').getAttribute('open'), null, 'nothing opened');
  assert.equal(await page.locator('.decide [data-yes]').first().getAttribute('aria-disabled'), 'true');
  await read(page);
  await page.waitForFunction(() => document.querySelector('.decide [data-yes]').getAttribute('aria-disabled') === 'false');
  // At the end the buttons themselves stand on the screen, and no second ones below them.
  assert.equal(await page.locator('[data-bar-approve]').isVisible(), false);
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.locator('[data-bar-approve]').click();
  await page.getByRole('button', { name: 'Yes, approve it' }).waitFor();
  await small.close();
});

test('what somebody was writing outlives their session, and they come back to it', async () => {
  const kim = await it.person('kim@example.com', 'approver');
  const page = await it.page(`/approvals/${filled.low}`, kim);
  await page.getByText('Deny…').first().click();
  await page.getByLabel('Why not').fill('the goods have not come back');
  await kim.clearCookies();
  await page.evaluate(() => HTMLFormElement.prototype.submit.call(document.querySelector('form[action$="/deny"]')));
  await page.waitForURL(/sign-in/);
  assert.equal((await it.server.admin.get(`approvals/${filled.low}`)).status, 'pending');
  const back = new URL(page.url()).searchParams.get('next');
  assert.equal(back, `/approvals/${filled.low}`, 'the sign-in leads back to the request');
  const again = await it.context.newPage();
  await again.goto(`${it.server.url}/people`);
  const row = again.locator('tr', { hasText: 'kim@example.com' });
  await row.getByText('Change').click();
  await row.getByRole('button', { name: 'Make a sign-in link' }).click();
  const made = (await again.locator('#fresh-secret').textContent()).trim();
  await again.close();
  await page.goto(made);
  await page.locator('form button[type=submit]').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.goto(it.server.url + back);
  await page.getByText('What you were writing here was not sent.').first().waitFor();
  assert.equal(await page.getByLabel('Why not').inputValue(), 'the goods have not come back');
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  await page.locator('form[action="/sign-out"]').evaluate((form) => form.requestSubmit());
  await page.waitForURL(/sign-in/);
  assert.equal((await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).includes('the goods'), false, 'whoever signs out leaves nothing');
  assert.ok(kept.includes('the goods'));
  await kim.close();
});

test('a remark that was sent is not offered again', async () => {
  const page = await it.page(`/approvals/${filled.low}`);
  await page.locator('[data-comment]').click();
  await page.getByLabel('Remark, for people and for the agent').fill('seen by finance');
  await page.getByRole('button', { name: 'Remark', exact: true }).click();
  await page.getByText('seen by finance').first().waitFor();
  await page.goto(`${it.server.url}/approvals/${filled.low}`);
  assert.equal(await page.locator('[data-restored]').count(), 0);
  await page.close();
});

test('where no passkey can be, the page says where it could', async () => {
  const page = await it.page('/sign-in', await it.browser.newContext());
  const link = page.locator('[data-no-passkey] a');
  assert.equal(await link.textContent(), `localhost:${new URL(it.server.url).port}`);
  assert.equal(await page.locator('form[data-passkey]').isVisible(), false);
  await page.goto(await link.getAttribute('href'));
  await page.locator('form[data-passkey]').waitFor();
  await page.context().close();
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

test('no page is wider than a phone, however long the words of an agent are', async () => {
  const word = 'x'.repeat(190);
  const bot = await agent(it.server, 'wide-bot');
  const body = (risk, action) => ({ action, risk, summary: word, reasoning: word, if_denied: word, side_effects: [word], task_id: word.slice(0, 100), on_behalf_of: `${word.slice(0, 60)}@example.com`, cost: { usd: '1', note: word }, params: { amount: 5, currency: word.slice(0, 60), to: word.slice(0, 60), [word]: word, host: `https://${word.slice(0, 60)}.example/${word}` }, context: { [word]: word }, links: [{ title: word, url: `https://links.example/${word}` }], responses: [{ name: 'n', title: word, text: word }] });
  const ids = [];
  for (const [risk, action] of [['low', word], ['medium', word], ['high', `${word.slice(0, 90)}.${word.slice(0, 90)}`], ['critical', word]]) ids.push((await bot.post('approvals', body(risk, action))).id);
  for (let n = 0; n < 3; n += 1) await bot.post('approvals', body('medium', `alike.${word.slice(0, 150)}`));
  const small = await it.browser.newContext({ viewport: { width: 360, height: 740 }, storageState: await it.context.storageState() });
  const page = await it.page('/approvals', small);
  const wide = [];
  const addresses = [...ids.flatMap((id) => [`/approvals/${id}`, `/approvals/${id}/edit`, `/approvals/${id}/allow-again`]), `/approvals/several?say=approve&id=${ids[0]}&id=${ids[1]}`, '/approvals?view=all', `/approvals?q=${word}`, '/agents/wide-bot', ...Object.values(filled.pages)];
  for (const address of addresses) {
    await page.goto(it.server.url + address);
    for (const fold of await page.locator('details.alike > summary').all()) await fold.click();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const out = await page.evaluate(() => [...document.querySelectorAll('main .button, main button, .bar .button')].filter((one) => one.checkVisibility() && !one.closest('.table-wrap, dialog') && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.textContent.trim().slice(0, 40)));
    if (over > 0 || out.length > 0) wide.push(`${address}: ${over} px too wide ${out}`);
  }
  assert.deepEqual(wide, []);
  await page.goto(`${it.server.url}/approvals?q=${word}`);
  await page.getByText('you can decide').first().waitFor();
  await page.goto(`${it.server.url}/approvals/stats`);
  const smallest = await page.evaluate(() => Math.min(...[...document.querySelectorAll('.chart text')].filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().height)));
  assert.ok(smallest > 11, `a label of the chart is ${smallest} px high`);
  await small.close();
});

test('opened in a browser, no address of a page answers with raw data', async () => {
  const page = await it.page('/approvals');
  for (const address of ['/approvals/nothing', `/approvals/${filled.low}/approve`, `/approvals/${filled.low}/nothing`, '/sign-out', '/nothing', '/agents/nobody', '/audit/x', '/policies/Nothing/x', '/approvals?risk=none', '/approvals/several', '/static/x/y', '/account/codes', '/freezes/x', '/live/x']) {
    const answer = await it.context.request.get(it.server.url + address, { headers: { accept: 'text/html,*/*;q=0.8' } });
    const kind = answer.headers()['content-type'] ?? '';
    assert.ok(kind.includes('text/html'), `${address}: ${answer.status()} ${kind} ${(await answer.text()).slice(0, 80)}`);
  }
  await page.close();
});
