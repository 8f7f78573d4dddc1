// Every page, in both schemes, held against the rules of WCAG 2.2 A and AA that a machine can check.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { faults } from './axe';
import { open, withBrowser } from './browser';
import { Server } from './server';
import { lease } from './worker';

let server: Server;
let failed: string;
let running: string;
let stalled: string;
let family: string;
let opened: string;
let webhook: string;
let waiting: string;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
  const milepost = server.client();
  failed = (await milepost.submit('e2e.failed', { n: 1 }, { labels: { team: 'render' } })).id;
  await (await lease(milepost, 'e2e.failed')).fail('broken', 'It broke');
  running = (await milepost.submit('e2e.running')).id;
  const job = await lease(milepost, 'e2e.running');
  await job.report({ percent: 40, message: 'half way', stage: 'render', logs: ['one', 'two'] });
  await milepost.queues.put('mail', { paused: true, max_concurrency: 2 });
  const input_schema = {
    type: 'object',
    required: ['album'],
    properties: {
      album: { type: 'string', description: 'Whose pictures' },
      size: { type: 'integer', minimum: 16 },
      sharp: { type: 'boolean' },
      shape: { enum: ['round', 'square'] },
      tags: { type: 'array', items: { type: 'string' }, default: ['a'] },
      crop: { type: 'object', required: ['x'], properties: { x: { type: 'number' } } },
      target: { oneOf: [{ type: 'string' }, { type: 'object' }] },
    },
  };
  await milepost.kinds.put('e2e.form', { description: 'Pictures', input_schema, defaults: { max_attempts: 7 } });
  await milepost.schedules.create({ id: 'nightly', cron: '0 3 * * *', task: { kind: 'e2e.nightly' } });
  const stages = [{ name: 'fetch' }, { name: 'render', weight: 3 }];
  stalled = (await milepost.submit('e2e.stalled', undefined, { stages, stalled_after_seconds: 1 })).id;
  await (await lease(milepost, 'e2e.stalled')).report({ stage: 'render', percent: 10 });
  family = (await milepost.submit('e2e.family', undefined, { complete_when_children_done: true, child_failure: 'collect' })).id;
  opened = (await milepost.submit('e2e.opened', undefined, { parent_id: family })).id;
  await milepost.submitAll([1, 2].map(() => ({ kind: 'e2e.part', parent_id: opened })));
  await (await lease(milepost, 'e2e.part')).fail('broken', 'A part broke');
  webhook = (await milepost.webhooks.create({ url: 'http://127.0.0.1:9/', description: 'Tells nobody' })).id;
  await milepost.wait((await milepost.webhooks.test(webhook)).id);
  await milepost.webhooks.create({ url: 'http://127.0.0.1:9/off', kind: 'none', enabled: false });
  waiting = (await milepost.submit('e2e.waiting', undefined, { after: [failed, running], after_failure: 'run' })).id;
  await milepost.submit('e2e.done');
  await (await lease(milepost, 'e2e.done')).complete({ ok: true });
});
afterAll(() => server.remove());

/** Waits for a form in a drawer, all the way in. */
async function shown(page: Page, button: string, form: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('form', { name: form }).waitFor();
  await page.waitForTimeout(400);
}

describe.each(['light', 'dark'] as const)('in %s colours', (scheme) => {
  const pages: [name: string, path: () => string, shown: (page: Page) => Promise<void>][] = [
    ['the table', () => '/', (page) => page.locator(`[data-task="${running}"]`).waitFor()],
    ['a table of nothing', () => '/?kind=none', (page) => page.getByText('No task matches').waitFor()],
    ['a running task', () => `/tasks/${running}`, (page) => page.getByTestId('log-line').last().waitFor()],
    ['a stalled task with stages', () => `/tasks/${stalled}`, (page) => page.getByTestId('stalled').waitFor()],
    ['a failed task', () => `/tasks/${failed}`, (page) => page.getByTestId('task-error').waitFor()],
    ['a family', () => `/tasks/${family}?open=${opened}`, (page) => page.locator('[aria-level="2"]').first().waitFor()],
    ['a part of a family', () => `/tasks/${opened}`, (page) => page.getByRole('link', { name: 'e2e.family' }).waitFor()],
    ['the dead letters', () => '/dead-letters', (page) => page.locator(`[data-task="${failed}"]`).waitFor()],
    ['no dead letters', () => '/dead-letters?kind=none', (page) => page.getByText('No dead letter matches').waitFor()],
    ['no task', () => '/tasks/none', (page) => page.getByText('There is no such task').waitFor()],
    ['the queues', () => '/queues', (page) => page.locator('[data-queue="mail"]').waitFor()],
    ["a queue's limits", () => '/queues', (page) => shown(page, 'Edit mail', 'Limits')],
    ['the kinds', () => '/kinds', (page) => page.locator('[data-kind="e2e.form"]').waitFor()],
    ["a kind's form", () => '/kinds', (page) => shown(page, 'Describe a kind', 'Kind')],
    ['a kind', () => '/kinds/e2e.form', (page) => page.getByText('"Whose pictures"').waitFor()],
    ['no kind', () => '/kinds/none', (page) => page.getByText('Nothing is said of this kind').waitFor()],
    ["the form of a kind's input", () => '/submit?kind=e2e.form', (page) => page.getByLabel('album').waitFor()],
    ['the schedules', () => '/schedules', (page) => page.locator('[data-schedule="nightly"]').waitFor()],
    ["a schedule's form", () => '/schedules', (page) => shown(page, 'Create a schedule', 'Schedule')],
    ['the webhooks', () => '/webhooks', (page) => page.locator(`[data-webhook="${webhook}"]`).waitFor()],
    ["a webhook's form", () => '/webhooks', (page) => shown(page, 'Create a webhook', 'Webhook')],
    ['a webhook', () => `/webhooks/${webhook}`, (page) => page.getByTestId('delivery').first().waitFor()],
    ['no webhook', () => '/webhooks/none', (page) => page.getByText('There is no such webhook').waitFor()],
    ['a task that waits for others', () => `/tasks/${waiting}`, (page) => page.getByText('1 of 2 open').waitFor()],
    ['the workers', () => '/workers', (page) => page.locator('[data-worker="e2e-worker"]').waitFor()],
    ['the form', () => '/submit', (page) => page.getByRole('button', { name: 'More' }).click()],
    ['the Quickstart', () => '/quickstart', (page) => page.getByText('Элемент 1').waitFor()],
    ['the system', () => '/system', (page) => page.getByRole('region', { name: 'Server' }).waitFor()],
  ];

  test.each(pages)('%s has no fault', async (_name, path, shown) => {
    const page = await open(`${server.url}${path()}`, { colorScheme: scheme, reducedMotion: 'reduce' });
    await shown(page);
    expect(await faults(page)).toEqual([]);
  });
});

// As WCAG 1.4.10 wants it: what is wide scrolls in its own box, or wraps.
test.each([1200, 1024, 800, 360])('no page scrolls sideways in a window of %i pixels', async (width) => {
  const page = await open(server.url, { viewport: { width, height: 860 } });
  await page.locator(`[data-task="${running}"]`).waitFor();
  const links = await page.getByRole('navigation').first().getByRole('link').all();
  expect(links.length).toBeGreaterThan(8);
  const wide: string[] = [];
  for (const link of links) {
    await link.click();
    await page.waitForTimeout(300);
    const moved = await page.evaluate(() => {
      scrollTo({ left: 1000, behavior: 'instant' });
      return scrollX;
    });
    if (moved > 0) wide.push(`${page.url()} by ${moved}`);
  }
  expect(wide).toEqual([]);
});
