// Webhooks by clicking: made, tested, rotated and deleted, and what becomes of their deliveries.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { faults } from './axe';
import { open, withBrowser } from './browser';
import { isSignedBy, Receiver } from './receiver';
import { Server } from './server';

let server: Server;
let milepost: Milepost;
let receiver: Receiver;

withBrowser();
beforeAll(async () => {
  server = await Server.start('--webhook-allow-private');
  milepost = server.client();
});
afterAll(() => server.remove());
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  receiver.stop();
  for await (const { id } of milepost.webhooks.all()) await milepost.webhooks.delete(id);
});

const more = async (page: Page, item: string) => {
  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
const row = (page: Page) => page.getByTestId('webhook-row');
const shownSecret = async (page: Page) => (await page.getByLabel('secret', { exact: true }).textContent()) ?? '';

/** A task that ends by being cancelled. */
async function end(kind: string): Promise<void> {
  await milepost.cancel((await milepost.submit(kind)).id);
}

test('a webhook is refused, made with a secret shown once, edited, disabled and deleted', async () => {
  const page = await open(`${server.url}/webhooks`);
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
  await page.getByRole('button', { name: 'Create a webhook' }).last().click();
  await page.getByLabel('URL').fill('ftp://example.com');
  for (const end of ['succeeded', 'failed', 'been cancelled']) await page.getByLabel(end).click();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('must begin with https:// or http://').waitFor();
  await page.getByText('must have at least one entry').waitFor();

  await page.getByLabel('URL').fill(`${receiver.url}/hook`);
  await page.getByLabel('failed').click();
  await page.getByLabel('been cancelled').click();
  await page.getByRole('combobox', { name: 'Kind' }).fill('e2e.told');
  await page.getByRole('combobox', { name: 'Labels' }).fill('team=render');
  await page.getByRole('combobox', { name: 'Labels' }).press('Enter');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('it is not shown again').waitFor();
  expect(await shownSecret(page)).toMatch(/^whsec_/);
  await page.getByRole('button', { name: 'Copy secret' }).waitFor();
  await page.waitForTimeout(400);
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have it' }).click();
  await row(page).getByText('Failed or cancelled').waitFor();
  await row(page).getByText('of the kind e2e.told, with team=render').waitFor();
  const [made] = (await milepost.webhooks.list()).items;
  expect(made).toMatchObject({ events: ['task.failed', 'task.cancelled'], kind: 'e2e.told', labels: { team: 'render' } });

  await more(page, 'Edit');
  await page.getByRole('combobox', { name: 'Kind' }).fill('');
  await page.getByLabel('Description').fill('Tells the shop');
  await page.getByRole('button', { name: 'Save' }).click();
  await row(page).getByText('Tells the shop').waitFor();
  const edited = await milepost.webhooks.get(made?.id ?? '');
  expect([edited.kind, edited.labels]).toEqual([undefined, { team: 'render' }]);

  await row(page).getByRole('button', { name: /^Disable/ }).click();
  await page.getByRole('button', { name: 'Disable the webhook' }).click();
  await row(page).getByText('Disabled').waitFor();
  await row(page).getByRole('button', { name: /^Enable/ }).click();
  await row(page).getByText('Enabled').waitFor();

  await more(page, 'Delete');
  await page.getByRole('button', { name: 'Delete the webhook' }).click();
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor();
});

test('a test is sent, signed by a secret that was rotated, and its end is shown', async () => {
  const { id } = await milepost.webhooks.create({ url: receiver.url });
  const page = await open(`${server.url}/webhooks`);
  await more(page, 'Rotate secret');
  await page.getByRole('button', { name: 'Rotate the secret' }).click();
  await page.getByText('The one before signs on for 24 hours.').waitFor();
  const secret = await shownSecret(page);
  await page.getByRole('button', { name: 'I have it' }).click();

  await row(page).getByRole('button', { name: /^Send a test/ }).click();
  await page.getByRole('button', { name: 'Send it' }).click();
  await page.getByText('The receiver took it.').waitFor();
  const [message] = receiver.messages;
  expect(JSON.parse(message?.body ?? '')).toMatchObject({ type: 'webhook.test', data: { webhook_id: id } });
  expect(message !== undefined && isSignedBy(message, secret)).toBe(true);

  receiver.status = 500;
  await page.getByRole('button', { name: 'Send another' }).click();
  await page.getByText('The receiver answered 500 Internal Server Error.').waitFor();
  await page.getByText('not today').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('link', { name: 'The delivery' }).click();
  await page.getByTestId('task-error').waitFor();
  await page.getByRole('link', { name: id }).click();
  await expect.poll(() => page.getByTestId('delivery').count()).toBe(2);
});

test('the deliveries of a webhook are live: what failed says why, and is tried again', async () => {
  receiver.status = 500;
  const { id } = await milepost.webhooks.create({ url: receiver.url, kind: 'e2e.live', description: 'Tells all' });
  const page = await open(`${server.url}/webhooks`);
  await row(page).getByRole('link').click();
  await page.getByRole('heading', { name: 'Tells all' }).waitFor();
  await page.getByRole('heading', { name: 'Nothing was told yet' }).waitFor();

  await end('e2e.live');
  const delivery = page.getByTestId('delivery');
  await delivery.getByText('Retrying').waitFor();
  await delivery.getByText('The receiver answered 500 Internal Server Error').waitFor();
  await delivery.getByText('1 of 30').waitFor();
  await expect.poll(() => delivery.getByTestId('next-try').textContent()).toMatch(/^(in \d+s|now)$/);

  // What fails for good is found by its state, and all of that is retried together.
  for (let tests = 0; tests < 2; tests += 1) await milepost.wait((await milepost.webhooks.test(id)).id);
  await page.getByRole('button', { name: /^Failed\s*2/ }).click();
  await expect.poll(() => delivery.count()).toBe(2);
  receiver.status = 204;
  await page.getByRole('button', { name: 'Retry all failed' }).click();
  await page.getByText('2 tasks can be retried.').waitFor();
  await page.getByRole('button', { name: 'Retry 2 tasks' }).click();
  await page.getByText('No delivery is like that').waitFor();
  await page.getByRole('button', { name: 'Show all deliveries' }).click();
  await expect.poll(() => delivery.getByText('Succeeded').count()).toBeGreaterThanOrEqual(2);
  expect(new URL(page.url()).search).toBe('');
});

test('a receiver that is gone disables its webhook, which says so', async () => {
  receiver.status = 410;
  const { id } = await milepost.webhooks.create({ url: receiver.url, kind: 'e2e.gone' });
  const page = await open(`${server.url}/webhooks/${id}`);
  await page.getByText('Enabled').waitFor();
  await end('e2e.gone');
  await page.getByRole('region', { name: 'Settings' }).getByText('The receiver answered 410 Gone').waitFor();
  await page.getByTestId('delivery').getByText('Failed').waitFor();
  await page.goto(`${server.url}/webhooks/none`);
  await page.getByRole('heading', { name: 'There is no such webhook' }).waitFor();
});
