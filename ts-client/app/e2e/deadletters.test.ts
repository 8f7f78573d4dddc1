// What failed for good, and what becomes of it by clicking.

import type { Milepost } from '@milepost/client';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

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

const letter = (page: Page, id: string) => page.locator(`[data-testid="dead-letter"][data-task="${id}"]`);

async function failed(kind: string, type: string, title: string, queue = 'default'): Promise<string> {
  const { id } = await milepost.submit(kind, undefined, { queue, max_attempts: 1 });
  await (await lease(milepost, kind, 'e2e-worker', queue)).fail(type, title);
  return id;
}

test('dead letters arrive by themselves, and are retried and deleted', async () => {
  const page = await open(`${server.url}/dead-letters`);
  await page.getByRole('heading', { name: 'No dead letters' }).waitFor();
  const first = await failed('e2e.mail', 'bounced', 'The mailbox is full');
  await letter(page, first).getByText('The mailbox is full').waitFor();
  await letter(page, first).getByText('1 of 1').waitFor();
  const second = await failed('e2e.mail', 'bounced', 'No such mailbox');
  await letter(page, second).waitFor();

  await letter(page, first).getByRole('button', { name: /^Retry/ }).click();
  await letter(page, first).waitFor({ state: 'detached' });
  expect((await milepost.getTask(first)).state).toBe('queued');

  await letter(page, second).getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete the task' }).click();
  await page.getByRole('heading', { name: 'No dead letters' }).waitFor();
  await expect(milepost.getTask(second)).rejects.toMatchObject({ status: 404 });
  await milepost.cancel(first);
});

test('they are counted by their errors, filtered, and the address says how', async () => {
  const [slow, also, broken] = [
    await failed('e2e.a', 'timeout', 'It took too long'),
    await failed('e2e.b', 'timeout', 'It took too long'),
    await failed('e2e.a', 'broken', 'It broke', 'other'),
  ];
  const page = await open(`${server.url}/dead-letters`);
  await letter(page, broken).waitFor();
  await page.getByRole('button', { name: /^timeout 2/ }).click();
  await letter(page, broken).waitFor({ state: 'detached' });
  expect(await page.getByTestId('dead-letter').count()).toBe(2);
  expect(page.url()).toContain('error_type=timeout');
  await page.getByRole('button', { name: /^broken 1/ }).click();
  await letter(page, broken).waitFor();
  await page.getByRole('button', { name: /^broken 1/ }).click();
  await letter(page, broken).waitFor({ state: 'detached' });
  const late = await failed('e2e.a', 'timeout', 'It took too long');
  await letter(page, late).waitFor();
  await milepost.delete(late);
  await letter(page, late).waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Filter by kind' }).fill('e2e.b');
  await page.getByRole('combobox', { name: 'Filter by kind' }).press('Enter');
  await letter(page, slow).waitFor({ state: 'detached' });
  await letter(page, also).waitFor();

  await page.goto(`${server.url}/dead-letters?queue=other`);
  await letter(page, broken).waitFor();
  expect(await page.getByTestId('dead-letter').count()).toBe(1);
  await page.goto(`${server.url}/dead-letters?created_after=2999-01-01T00:00:00Z`);
  await page.getByText('No dead letter matches').waitFor();
  await page.getByRole('button', { name: 'Show all dead letters' }).click();
  await letter(page, slow).waitFor();
});

test('those with one error are retried, and no other', async () => {
  const [flaky, broken] = [await failed('e2e.c', 'flaky', 'It was unlucky'), await failed('e2e.c', 'crooked', 'It is bent')];
  const page = await open(`${server.url}/dead-letters`);
  await letter(page, broken).waitFor();
  await page.getByRole('combobox', { name: 'Error types' }).fill('flaky');
  await page.getByRole('combobox', { name: 'Error types' }).press('Enter');
  await letter(page, broken).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Retry all that match' }).click();
  await page.getByRole('button', { name: 'Retry 1 task' }).click();
  await letter(page, flaky).waitFor({ state: 'detached' });
  expect((await milepost.getTask(broken)).state).toBe('failed');
});
