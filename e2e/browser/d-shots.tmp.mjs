import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startServer, agent } from '/work/w-detail/e2e/browser/harness/server.js';
import { seed } from '/work/w-detail/e2e/browser/harness/seed.js';
import { launch, signIn } from '/work/w-detail/e2e/browser/harness/browser.js';
const [directory = '/tmp/d-shots', only] = process.argv.slice(2);
await mkdir(directory, { recursive: true });
const server = await startServer();
const browser = await launch();
try {
  const world = await seed(server);
  const payer = await agent(server, 'payer');
  const policy = `kind: Policy
name: payroll
rules:
  - name: signed
    actions: [ledger.post]
    verdict: escalate
    risk: critical
    message: what goes into the ledger is signed
    approval: {assurance: step_up, stages: [{name: treasury, groups: [treasury], need: 2}]}
`;
  const tia = await server.admin.post('users', { email: 'tia@example.com', role: 'approver', groups: ['treasury'] });
  const udo = await server.admin.post('users', { email: 'udo@example.com', role: 'approver', groups: ['treasury'] });
  const root = (await server.admin.get('users')).items.find((one) => one.role === 'admin');
  await server.admin.patch(`users/${root.id}`, { groups: ['treasury'] }).catch((e) => console.log(e.message));
  await server.admin.post('policies/apply', { files: [{ name: 'p.yaml', text: policy }] });
  const ask = async (b) => (await payer.post('approvals', b)).id;
  world.pages.secret = `/approvals/${await ask({ action: 'bank.pay', params: { amount_text: '1.000,50', currency: 'EUR', value: 7000, account_id: 1234567890, payee_token: 'DE02120300000000202051', api_key: 'sk_live_0000000000', url: 'https://hooks.example.com/refunds', body: 'all of it' }, risk: 'medium' })}`;
  world.pages.step = `/approvals/${(await payer.post('checks', { action: 'ledger.post', params: { amount: 5000, currency: 'JPY', to: 'A. Lee' } })).approval_id}`;
  await server.admin.patch(`users/${tia.user?.id ?? tia.id}`, { status: 'locked' }).catch((e) => console.log(e.message, tia));
  await server.admin.patch(`users/${udo.user?.id ?? udo.id}`, { status: 'locked' }).catch((e) => console.log(e.message));
  world.pages.bare = `/approvals/${await ask({ action: 'x.nothing' })}`;
  const context = await browser.newContext();
  const state = await signIn(context, server);
  const names = (only ?? 'secret,step,bare,medium,critical,staged,ran,denied,edit,high').split(',');
  const pages = Object.entries(world.pages).filter(([name]) => names.includes(name));
  for (const scheme of ['light', 'dark']) {
    for (const [width, height] of [[1280, 900], [390, 844]]) {
      const sized = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, storageState: state, timezoneId: 'Europe/Berlin' });
      const page = await sized.newPage();
      page.on('console', (message) => { if (message.type() === 'error') console.log(page.url(), message.text()); });
      page.on('pageerror', (error) => console.log(page.url(), String(error)));
      for (const [name, address] of pages) {
        await page.goto(server.url + address);
        await page.waitForTimeout(120);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) console.log(`${name} is ${wide} px too wide at ${width}`);
        await page.screenshot({ path: path.join(directory, `${name}-${width}-${scheme}.png`) });
        await page.screenshot({ path: path.join(directory, `${name}-${width}-${scheme}-full.png`), fullPage: true });
      }
      await sized.close();
    }
  }
} finally { await browser.close(); await server.stop(); }
