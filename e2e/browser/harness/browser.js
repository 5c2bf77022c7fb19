// Chromium, and people in it.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const places = [process.env.COUNTERSIGN_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the browser, without anything that would speak to the outside. */
export function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Signs in by a one-time link; gives what the browser keeps. */
export async function signIn(context, server, link = server.link) {
  const page = await context.newPage();
  await page.goto(link);
  await page.locator('form button[type=submit]').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.close();
  return context.storageState();
}

/** Reads a request, or an edited version of one, from its start to its end, as a yes demands: a screen at a time, each for a moment. */
export async function read(page) {
  await page.bringToFront();
  await page.evaluate(async () => {
    const end = document.querySelector('.agent-says') ?? document.querySelector('[data-reading]');
    for (let top = 0; ; top += innerHeight * 0.6) {
      scrollTo({ top, behavior: 'instant' });
      await new Promise((done) => setTimeout(done, 550));
      if (end.getBoundingClientRect().bottom < innerHeight * 0.7 || top + innerHeight > document.documentElement.scrollHeight) break;
    }
  });
}

/** A server, a browser, and the first admin signed in; `end` stops both. */
export async function world(more = {}, options = []) {
  const { startServer } = await import('./server.js');
  const server = await startServer(options);
  const browser = await launch();
  const context = await browser.newContext(more);
  const state = await signIn(context, server);
  const troubles = [];
  const it = {
    server,
    browser,
    context,
    state,
    troubles,
    /** A page of the admin, which must not say anything in the console. */
    async page(address = '/approvals', from = context) {
      const page = await from.newPage();
      page.on('pageerror', (error) => troubles.push(String(error)));
      page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) troubles.push(message.text()); });
      await page.goto(server.url + address);
      return page;
    },
    /** Another person, made and signed in by the pages themselves. */
    async person(email, role = 'approver', options = {}, groups = []) {
      await server.admin.post('users', { email, role, groups });
      const people = await it.page('/people');
      const row = people.locator('tr', { hasText: email });
      await row.getByText('Change').click();
      await row.getByRole('button', { name: 'Make a sign-in link' }).click();
      const link = (await people.locator('#fresh-secret').textContent()).trim();
      await people.close();
      const theirs = await browser.newContext(options);
      await signIn(theirs, server, link);
      return theirs;
    },
    async end() { await browser.close(); await server.stop(); },
  };
  return it;
}
