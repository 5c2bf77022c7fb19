// A server of the built binary in a directory of its own, and whoever speaks to it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const binary = process.env.COUNTERSIGN_BIN ?? path.resolve(import.meta.dirname, '../../../target/debug/countersign');

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

/** Starts a server in an empty directory, with these options as well; it prints the link and the keys of the start. */
export async function startServer(options = []) {
  const dir = await mkdtemp(path.join(tmpdir(), 'countersign-browser-'));
  const port = await freePort();
  const words = ['serve', '--data-dir', path.join(dir, 'data'), '--listen', `127.0.0.1:${port}`, '--requests-per-second', '100000', ...options];
  const start = () => {
    const child = spawn(binary, words, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, COUNTERSIGN_LOG: 'error' } });
    return { child, ended: new Promise((done) => child.once('exit', done)) };
  };
  const ready = async () => {
    for (let tries = 0; ; tries += 1) {
      try { if ((await fetch(`${server.url}/readyz`)).ok) return; } catch (error) { if (tries > 200) throw error; }
      await new Promise((done) => setTimeout(done, 25));
    }
  };
  let running = start();
  const halt = async () => { running.child.kill('SIGTERM'); await running.ended; };
  let greeting = '';
  const application = await new Promise((found, failed) => {
    running.child.once('exit', (code) => failed(new Error(`the server ended with ${code}`)));
    running.child.stdout.on('data', (part) => {
      greeting += part;
      const key = /csk_\S+/.exec(greeting);
      if (key) found(key[0]);
    });
  });
  const server = {
    url: `http://127.0.0.1:${port}`,
    adminToken: /csp_[A-Za-z0-9_-]+/.exec(greeting)[0],
    link: /http\S+\/sign-in\/link\S+/.exec(greeting)[0],
    application,
    /** Stops it, does something with its database, and starts it again. */
    async restart(meanwhile) {
      await halt();
      await meanwhile(path.join(dir, 'data', 'countersign.db'));
      running = start();
      running.child.stdout.resume();
      await ready();
    },
    async stop() {
      await halt();
      await rm(dir, { recursive: true, force: true });
    },
  };
  await ready();
  server.admin = caller(server, server.adminToken);
  // What the stories ask is as dangerous as they say.
  await server.admin.patch('settings', { unrated_risk: 'low' });
  return server;
}

/** Whoever has this key. */
export function caller(server, token) {
  const call = async (method, place, body) => {
    const answer = await fetch(`${server.url}/api/v1/orgs/default/${place}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    const value = text ? JSON.parse(text) : null;
    if (!answer.ok) throw Object.assign(new Error(`${method} ${place}: ${answer.status} ${text}`), { status: answer.status, value });
    return value;
  };
  return {
    token,
    get: (place) => call('GET', place),
    post: (place, body = {}) => call('POST', place, body),
    put: (place, body) => call('PUT', place, body),
    patch: (place, body) => call('PATCH', place, body),
    delete: (place) => call('DELETE', place),
  };
}

/** Registers an agent. */
export async function agent(server, name, more = {}) {
  const made = await server.admin.post('agents', { name, ...more });
  return Object.assign(caller(server, made.key), { id: made.id, name });
}
