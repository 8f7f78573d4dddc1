// What a task waits for: submitted by the form, and seen on its page until it may begin.

import type { Milepost } from '@milepost/client';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { faults } from './axe';
import { open, withBrowser } from './browser';
import { Server } from './server';
import { lease } from './worker';

let server: Server;
let milepost: Milepost;

withBrowser();
beforeAll(async () => {
  server = await Server.start();
  milepost = server.client();
});
afterAll(() => server.remove());

test('a task that waits for others is submitted, and shows how they stand', async () => {
  const [first, second] = [(await milepost.submit('e2e.first')).id, (await milepost.submit('e2e.second')).id];
  const page = await open(`${server.url}/submit?kind=e2e.last`);
  await page.getByRole('button', { name: 'More' }).click();
  const after = page.getByRole('combobox', { name: 'After' });
  await after.fill('no-such-task');
  await after.press('Enter');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByText(/^after\[0\]: /).waitFor();
  await after.press('Backspace');
  for (const id of [first, second]) {
    await after.fill(id);
    await after.press('Enter');
  }
  await page.getByLabel('It runs all the same').click();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();

  await page.getByText('Waiting for 2 tasks to end.').waitFor();
  await page.getByText('2 of 2 open').waitFor();
  await page.getByText('One that fails or is cancelled counts like any other.').waitFor();
  const [task] = (await milepost.listTasks({ kind: 'e2e.last' })).items;
  expect(task).toMatchObject({ after: [first, second], after_failure: 'run', waiting_for: 2 });

  const state = (id: string) => page.locator(`[data-testid="dependency"][data-task="${id}"]`).getAttribute('data-state');
  await expect.poll(() => state(first)).toBe('queued');
  const job = await lease(milepost, 'e2e.first');
  await expect.poll(() => state(first)).toBe('running');
  await job.fail('broken', 'It broke');
  await expect.poll(() => state(first)).toBe('failed');
  await page.getByText('1 of 2 open').waitFor();
  await page.getByText('Waiting for a task to end.').waitFor();
  expect(await faults(page)).toEqual([]);

  await (await lease(milepost, 'e2e.second')).complete({});
  await page.getByText('none open').waitFor();
  await expect.poll(() => page.locator('h1 + [data-testid="state"]').textContent()).toBe('Queued');
  await page.getByRole('link', { name: /e2e\.second/ }).click();
  await page.getByRole('heading', { name: 'e2e.second' }).waitFor();
});

test('the table says of one that waits what it waits for', async () => {
  const { id } = await milepost.submit('e2e.before');
  const { id: last } = await milepost.submit('e2e.behind', undefined, { after: [id] });
  const page = await open(`${server.url}/?kind=e2e.behind`);
  await page.locator(`[data-task="${last}"]`).getByText('waits for a task to end').waitFor();
  await milepost.cancel(id);
  await page.locator(`[data-task="${last}"]`).getByText('Cancelled', { exact: true }).waitFor();
});
