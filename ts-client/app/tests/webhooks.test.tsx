// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { createMilepost } from '@milepost/client';
import { MilepostProvider } from '@milepost/client/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { configure, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { milepost, MilepostProblem, type Webhook } from '../src/api';
import { draftOf, placeOf, toChange, toRequest } from '../src/pages/webhooks/draft';
import { filtersOf, readDeliveries } from '../src/pages/webhooks/search';
import { WebhooksPage } from '../src/pages/webhooks/WebhooksPage';
import { eventsInWords, tasksInWords } from '../src/pages/webhooks/words';
import { taskLike } from './tasks';

// A drawer with a form is much to draw without a browser, on a machine that has other things to do.
vi.setConfig({ testTimeout: 30_000 });
configure({ asyncUtilTimeout: 10_000 });
afterEach(() => vi.restoreAllMocks());

const webhook: Webhook = {
  id: 'w1',
  url: 'https://example.com/hooks',
  events: ['task.failed'],
  kind: 'mail',
  labels: { team: 'a=b' },
  description: 'Tells the shop',
  enabled: true,
  created_at: '2026-11-22T09:00:00.000Z',
  updated_at: '2026-11-22T09:00:00.000Z',
  links: {
    self: '/api/v1/webhooks/w1',
    test: '/api/v1/webhooks/w1/test',
    rotate_secret: '/api/v1/webhooks/w1/rotate-secret',
    deliveries: '/api/v1/tasks?queue=milepost&label=webhook%3Dw1',
  },
};

describe('a draft of a webhook', () => {
  test('left as it is asks for every end of every task', () => {
    expect(toRequest({ ...draftOf(undefined), url: ' https://a.example ' })).toEqual({
      url: 'https://a.example',
      events: ['task.succeeded', 'task.failed', 'task.cancelled'],
      labels: {},
    });
  });

  test('carries what was typed', () => {
    const draft = { ...draftOf(undefined), url: 'https://a', queue: ' q ', labels: ['x=1'], secret: ' whsec_x ' };
    expect(toRequest(draft)).toMatchObject({ queue: 'q', labels: { x: '1' }, secret: 'whsec_x' });
  });

  test('of one that is there says all of it again, and takes away what was emptied', () => {
    const { url, events, kind, labels, description } = webhook;
    expect(toChange(draftOf(webhook))).toEqual({ url, events, kind, labels, description, queue: null });
    expect(toChange({ ...draftOf(webhook), kind: ' ', labels: [], description: '' })).toMatchObject({
      kind: null,
      labels: {},
      description: null,
    });
  });

  test('is refused field by field', () => {
    expect(['url', 'events[0]', 'labels', 'secret', 'enabled'].map(placeOf)).toEqual(['url', 'events', 'labels', 'secret', undefined]);
  });
});

test('what a webhook is told is said in words', () => {
  expect(eventsInWords(['task.cancelled', 'task.failed', 'task.succeeded'])).toBe('Any end');
  expect(eventsInWords(['task.failed', 'task.cancelled'])).toBe('Failed or cancelled');
  expect(tasksInWords(webhook)).toBe('of the kind mail, with team=a=b');
  expect(tasksInWords({ labels: {} })).toBeUndefined();
});

test('its deliveries are found by their queue and label, and the address says of which states', () => {
  expect(readDeliveries({ state: ['failed', 'sung'], queue: 'x' })).toEqual({ state: ['failed'] });
  expect(filtersOf('w1', { state: ['failed'] })).toEqual({ queue: 'milepost', label: ['webhook=w1'], state: ['failed'] });
});

async function show(webhooks: Webhook[]): Promise<void> {
  // One of its own, as what a client has listed outlives a test.
  const client = createMilepost({ baseUrl: 'http://milepost.test' });
  // The stream never comes: what the calls answer is enough.
  vi.spyOn(client, 'follow').mockReturnValue((async function* () {})() as never);
  vi.spyOn(client.webhooks, 'all').mockImplementation(async function* () {
    yield* webhooks;
  });
  for (const list of [client.queues, client.kinds]) {
    vi.spyOn(list, 'all').mockImplementation(async function* () {});
  }
  const root = createRootRoute({ component: WebhooksPage });
  const router = createRouter({
    routeTree: root.addChildren([createRoute({ getParentRoute: () => root, path: '/' })]),
    history: createMemoryHistory(),
  });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <MilepostProvider client={client}>
          <RouterProvider router={router as never} />
        </MilepostProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByText('Webhooks');
}

/** By its text: finding a button by its role looks at the style of everything on the page. */
const click = async (text: string) => fireEvent.click(await screen.findByText(text));

/** Fills in the form of a new webhook, and sends it. */
async function create(url: string): Promise<HTMLElement> {
  await show([]);
  fireEvent.click((await screen.findAllByText('Create a webhook'))[0] as HTMLElement);
  const field = await screen.findByPlaceholderText(/^https/);
  fireEvent.change(field, { target: { value: url } });
  await click('Create');
  return field;
}

test('a refused webhook says why at its fields', async () => {
  const errors = [{ field: 'url', message: 'must begin with https:// or http://' }];
  const problem = { type: '/problems/invalid-request', title: 'Wrong fields', status: 400, errors };
  vi.spyOn(milepost.webhooks, 'create').mockRejectedValueOnce(new MilepostProblem(problem as never, undefined));
  const url = await create('ftp://x');
  await screen.findByText('must begin with https:// or http://');
  expect(url.getAttribute('aria-invalid')).toBe('true');
});

test('one that is made shows its secret, this once', async () => {
  const call = vi.spyOn(milepost.webhooks, 'create').mockResolvedValueOnce({ ...webhook, secret: 'whsec_shown' });
  await create('https://example.com/hooks');
  await screen.findByText('whsec_shown');
  await screen.findByText(/it is not shown again/);
  expect(screen.getByLabelText('Copy secret')).toBeTruthy();
  expect(call).toHaveBeenCalledWith(expect.objectContaining({ url: 'https://example.com/hooks' }));
  await click('I have it');
  await vi.waitFor(() => expect(screen.queryByText('whsec_shown')).toBeNull());
});

test('a row says what is told, and why nothing is', async () => {
  const reason = 'The receiver answered 410 Gone';
  await show([webhook, { ...webhook, id: 'w2', url: 'https://gone.example', enabled: false, disabled_reason: reason }]);
  await screen.findByText(reason);
  expect(screen.getAllByText('of the kind mail, with team=a=b')).toHaveLength(2);
  await screen.findByLabelText('Disable https://example.com/hooks');
  const update = vi.spyOn(milepost.webhooks, 'update').mockResolvedValue(webhook);
  fireEvent.click(screen.getByLabelText('Enable https://gone.example'));
  await vi.waitFor(() => expect(update).toHaveBeenCalledWith('w2', { enabled: true }));
});

test('the secret is rotated once that is confirmed', async () => {
  await show([webhook]);
  const rotate = vi.spyOn(milepost.webhooks, 'rotateSecret').mockResolvedValue({ ...webhook, secret: 'whsec_next' });
  fireEvent.click(await screen.findByLabelText('More for https://example.com/hooks'));
  await click('Rotate secret');
  expect(rotate).not.toHaveBeenCalled();
  await click('Rotate the secret');
  await screen.findByText('whsec_next');
  await screen.findByText(/signs on for 24 hours/);
});

test('a test says what the receiver answered', async () => {
  const error = { type: 'http-status', title: 'The receiver answered 500', detail: 'boom' };
  const failed = taskLike({ id: 'd1', queue: 'milepost', state: 'failed', error });
  const send = vi.spyOn(milepost.webhooks, 'test').mockResolvedValue(failed);
  await show([webhook]);
  fireEvent.click(await screen.findByLabelText('Send a test to https://example.com/hooks'));
  expect(send).not.toHaveBeenCalled();
  await click('Send it');
  await screen.findByText('The receiver answered 500.');
  expect(screen.getByText('boom')).toBeTruthy();
  await screen.findByText('Send another');
});
