// A page from another origin, written against the tutorial's wire with nothing but fetch and
// EventSource, works unchanged once the server is told of its origin.

import { createServer, type Server as Web } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { open, withBrowser } from './browser';
import { Server } from './server';

const PAGE = `<!doctype html><meta charset="utf-8"><title>Tutorial</title>
<h1 id="message"></h1><ul id="items"></ul>
<form id="form"><input name="name" aria-label="Name"><button>Send</button></form><p id="answer"></p>
<button id="start">Start</button><progress id="bar" max="100" value="0"></progress><p id="status"></p>
<script>
  const api = new URLSearchParams(location.search).get('api');
  const set = (id, text) => (document.getElementById(id).textContent = text);
  fetch(api + '/api/data').then((r) => r.json()).then((data) => {
    set('message', data.message);
    document.getElementById('items').innerHTML = data.items.map((item) => '<li>' + item + '</li>').join('');
  }).catch((error) => set('message', 'no data: ' + error));
  document.getElementById('form').addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = await fetch(api + '/api/submit', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: event.target.name.value }),
    });
    set('answer', (await answer.json()).message);
  });
  document.getElementById('start').addEventListener('click', async () => {
    const started = await fetch(api + '/start_task/tutorial', { method: 'POST' });
    set('status', (await started.json()).message);
    const source = new EventSource(api + '/sse_progress/tutorial');
    source.onmessage = (event) => {
      if (event.data === 'DONE') { set('status', 'done'); source.close(); }
      else if (event.data !== 'keep-alive') document.getElementById('bar').value = Number(event.data);
    };
  });
</script>`;

let web: Web;
let origin: string;
let server: Server;
let closed: Server;

withBrowser();
beforeAll(async () => {
  web = createServer((_request, answer) => answer.setHeader('Content-Type', 'text/html').end(PAGE));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  server = await Server.start('--cors-origin', origin);
  closed = await Server.start();
});
afterAll(async () => {
  web.close();
  await server.remove();
  await closed.remove();
});

test("a tutorial's page of another origin works as it is", async () => {
  const page = await open(`${origin}/?api=${server.url}`);
  await expect.poll(() => page.locator('#message').textContent()).toBe('Привет от Milepost!');
  expect(await page.locator('#items li').count()).toBe(3);
  await page.getByLabel('Name').fill('Grace');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect.poll(() => page.locator('#answer').textContent()).toBe("Данные 'Grace' успешно получены!");
  await page.getByRole('button', { name: 'Start' }).click();
  await expect.poll(() => page.locator('#status').textContent()).toBe('Task tutorial started.');
  const bar = page.locator('#bar');
  await expect.poll(() => bar.evaluate((element) => (element as HTMLProgressElement).value)).toBeGreaterThan(10);
  await expect.poll(() => page.locator('#status').textContent(), { timeout: 30_000 }).toBe('done');
  expect(await bar.evaluate((element) => (element as HTMLProgressElement).value)).toBe(100);
});

test('an origin that the server was not told of gets nothing', async () => {
  const page = await open('about:blank');
  // The browser reports the refusal in the console, as it should; the page is not at fault.
  page.removeAllListeners('console');
  await page.goto(`${origin}/?api=${closed.url}`);
  await expect.poll(() => page.locator('#message').textContent()).toContain('no data');
});
