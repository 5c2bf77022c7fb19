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
  await page.locator('main form button[type=submit], form button[type=submit]').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.close();
  return context.storageState();
}
