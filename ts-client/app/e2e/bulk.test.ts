// One thing done to all tasks that match, by clicking: counted, confirmed, seen to its end.

import type { Milepost, Task } from '@milepost/client';
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

function submit(kind: string, count: number): Promise<Task[]> {
  return milepost.submitAll(Array.from({ length: count }, () => ({ kind, max_attempts: 1 })));
}

test('dead letters that match are retried, the others are left alone', async () => {
  await submit('e2e.mail', 3);
  await submit('e2e.other', 1);
  for (let failed = 0; failed < 3; failed += 1) await (await lease(milepost, 'e2e.mail')).fail('bounced', 'Full');
  await (await lease(milepost, 'e2e.other')).fail('broken', 'It broke');

  const page = await open(`${server.url}/dead-letters?kind=e2e.mail`);
  await expect.poll(() => page.getByTestId('dead-letter').count()).toBe(3);
  await page.getByRole('button', { name: 'Retry all that match' }).click();
  await page.getByText('3 tasks can be retried.').waitFor();
  expect(await faults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Leave them' }).click();
  await page.getByTestId('bulk-count').waitFor({ state: 'detached' });
  expect((await milepost.listTasks({ kind: 'e2e.mail', state: 'failed' })).items).toHaveLength(3);

  await page.getByRole('button', { name: 'Retry all that match' }).click();
  await page.getByRole('button', { name: 'Retry 3 tasks' }).click();
  await page.getByRole('region', { name: 'Retrying tasks' }).getByRole('link', { name: '3 tasks retried' }).waitFor();
  await page.getByText('No dead letter matches').waitFor();
  expect((await milepost.listTasks({ kind: 'e2e.mail', state: 'queued' })).items).toHaveLength(3);
  expect((await milepost.listTasks({ kind: 'e2e.other', state: 'failed' })).items).toHaveLength(1);
  await page.getByRole('button', { name: 'Dismiss the run' }).click();
  await page.getByTestId('run').waitFor({ state: 'detached' });
});

test('a run goes on when the page is loaded anew, and can be stopped there', async () => {
  for (let batch = 0; batch < 4; batch += 1) await submit('e2e.many', 1_000);
  const page = await open(`${server.url}/?kind=e2e.many`);
  await page.getByRole('button', { name: 'Cancel all that match' }).click();
  await page.getByText('4,000 tasks can be cancelled.').waitFor();
  await page.getByRole('button', { name: 'Cancel 4,000 tasks' }).click();
  await page.getByTestId('run').waitFor();
  await page.reload();
  const run = page.getByTestId('run');
  await run.getByText('of the kind e2e.many').waitFor();
  await run.getByRole('button', { name: 'Stop' }).click();
  await run.getByRole('link', { name: 'The run was stopped' }).waitFor();
  expect((await milepost.listTasks({ kind: 'e2e.many', state: 'queued', limit: 1 })).items).toHaveLength(1);
  await run.getByRole('link').click();
  await page.getByRole('heading', { name: 'milepost.bulk.cancel' }).waitFor();
});

test('what matches nothing is not begun', async () => {
  const page = await open(`${server.url}/dead-letters?kind=e2e.none`);
  await page.getByRole('button', { name: 'Delete all that match' }).click();
  await page.getByText('None of them can be deleted now.').waitFor();
  await page.getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByTestId('bulk-count').waitFor({ state: 'detached' });
  expect(await page.getByTestId('run').count()).toBe(0);
});
