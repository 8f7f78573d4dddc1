// How many frames a second the live table shows while every task in it moves.
//
// By hand: `npm run measure`. It wants a server that keeps up, so a release build in
// MILEPOST_SERVER, and a machine on which nothing else runs: browser, server and workers share it.
// The page is the one in dist/, as it was last built, whatever the server has inside.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { type CDPSession, chromium, type Page } from 'playwright-core';

import { Crowd } from '../e2e/crowd';
import { Server } from '../e2e/server';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const TYPES: Record<string, string> = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', html: 'text/html' };

// More reports than a measurement takes, because a bar that is full does not move.
const STEPS = 10_000;

interface Seen {
  /** When each frame began, in milliseconds. */
  frames: number[];
  /** How long each task of more than 50 ms kept the page's thread. */
  longTasks: number[];
}

export async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      tasks: { type: 'string', default: '1000' },
      rate: { type: 'string', default: '10' },
      seconds: { type: 'string', default: '10' },
      profile: { type: 'boolean', default: false },
    },
  });
  const [tasks, rate, seconds] = [values.tasks, values.rate, values.seconds].map(Number) as [number, number, number];
  const server = await Server.start();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
    await serveBuilt(page);
    await page.goto(`${server.url}/?state=running`);
    await page.getByTestId('connection').getByText('Live').waitFor();
    const crowd = await Crowd.start(server.client(), 'measure.frames', tasks, STEPS);
    await page.getByTestId('count-running').getByText(tasks.toLocaleString('en'), { exact: true }).waitFor();
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    print('no task moves', await measure(page, cdp, seconds / 2));
    crowd.go(rate);
    await page.waitForTimeout(2_000);
    if (values.profile) await startProfile(cdp);
    const [reports, delivered] = [crowd.reports, await deliveredBy(server)];
    print(`${tasks} tasks, ${rate} reports a second each`, await measure(page, cdp, seconds));
    const sent = Math.round((crowd.reports - reports) / seconds);
    const heard = Math.round(((await deliveredBy(server)) - delivered) / seconds);
    console.log(`  reports taken ${sent}/s, events delivered ${heard}/s, rows in the page ${await page.getByTestId('task-row').count()}`);
    console.log(`  a row is behind its worker by ${await lag(page, crowd, rate)} ms`);
    if (values.profile) await printProfile(cdp);
    await page.mouse.move(600, 600);
    const scrolled = measure(page, cdp, seconds / 2);
    for (const end = performance.now() + seconds * 500; performance.now() < end; ) await page.mouse.wheel(0, 120);
    print('the same, scrolled through', await scrolled);
    await crowd.stop();
  } finally {
    await browser.close();
    await server.remove();
  }
}

/** Answers with the files of dist/ what the server would answer with those it was built with. */
async function serveBuilt(page: Page): Promise<void> {
  await page.route(/\/(assets\/.*|color-scheme\.js|)(\?.*)?$/, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1) || 'index.html';
    const contentType = TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    await route.fulfill({ body: await readFile(`${DIST}${path}`), contentType });
  });
}

interface Measured {
  seen: Seen;
  seconds: number;
  /** Seconds that the page's thread spent, by what it did. */
  spent: Record<string, number>;
}

async function measure(page: Page, cdp: CDPSession, seconds: number): Promise<Measured> {
  const before = await metrics(cdp);
  const seen = await page.evaluate(
    (milliseconds) =>
      new Promise<Seen>((resolve) => {
        const seen: Seen = { frames: [], longTasks: [] };
        const observer = new PerformanceObserver((list) => {
          seen.longTasks.push(...list.getEntries().map((entry) => entry.duration));
        });
        observer.observe({ type: 'longtask' });
        const frame = (at: number) => {
          seen.frames.push(at);
          if (at - (seen.frames[0] ?? at) < milliseconds) requestAnimationFrame(frame);
          else resolve(seen);
        };
        requestAnimationFrame(frame);
      }),
    seconds * 1_000,
  );
  const after = await metrics(cdp);
  const names = ['TaskDuration', 'ScriptDuration', 'RecalcStyleDuration', 'LayoutDuration'];
  return { seen, seconds, spent: Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)])) };
}

async function metrics(cdp: CDPSession): Promise<Record<string, number>> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

function print(what: string, { seen: { frames, longTasks }, seconds, spent }: Measured): void {
  const start = frames[0] ?? 0;
  const bySecond = Array.from({ length: Math.floor(seconds) }, (_, second) => {
    return frames.filter((at) => Math.floor((at - start) / 1_000) === second).length;
  });
  const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  const total = longTasks.reduce((sum, one) => sum + one, 0);
  console.log(`${what}:`);
  console.log(`  frames a second: mean ${((frames.length - 1) / seconds).toFixed(1)}, worst second ${Math.min(...bySecond)}`);
  console.log(`  longest time between two frames: ${Math.max(...gaps).toFixed(0)} ms`);
  console.log(`  tasks over 50 ms: ${longTasks.length}, ${total.toFixed(0)} ms together`);
  const shares = Object.entries(spent).map(([name, spent]) => `${name.replace('Duration', '')} ${((100 * spent) / seconds).toFixed(0)} %`);
  console.log(`  the page's thread: ${shares.join(', ')}`);
}

async function deliveredBy(server: Server): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^milepost_stream_events_delivered_total (\d+)/m.exec(text)?.[1]);
}

/** How old what a row says is, in milliseconds, told by the steps that its worker has done since. */
async function lag(page: Page, crowd: Crowd, rate: number): Promise<string> {
  const lags: number[] = [];
  for (let sample = 0; sample < 20; sample += 1) {
    const [id, shown] = await page
      .getByTestId('task-row')
      .first()
      .evaluate((row) => [row.dataset.task ?? '', row.textContent] as const);
    lags.push(((crowd.stepOf(id) - Number(/file (\d+) /.exec(shown)?.[1])) * 1_000) / rate);
    await page.waitForTimeout(37);
  }
  lags.sort((a, b) => a - b);
  return `${lags[10]?.toFixed(0)} (median), ${lags.at(-1)?.toFixed(0)} (worst)`;
}

async function startProfile(cdp: CDPSession): Promise<void> {
  await cdp.send('Profiler.enable');
  await cdp.send('Profiler.setSamplingInterval', { interval: 500 });
  await cdp.send('Profiler.start');
}

/** The functions that took the most time themselves. */
async function printProfile(cdp: CDPSession): Promise<void> {
  const { profile } = await cdp.send('Profiler.stop');
  const self = new Map<string, number>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  profile.samples?.forEach((id, index) => {
    const frame = nodes.get(id)?.callFrame;
    if (frame === undefined) return;
    const name = `${frame.functionName || '(anonymous)'} ${frame.lineNumber}:${frame.columnNumber}`;
    self.set(name, (self.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0) / 1_000);
  });
  const total = (profile.endTime - profile.startTime) / 1_000;
  for (const [name, spent] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 30)) {
    console.log(`  ${((100 * spent) / total).toFixed(1).padStart(5)} %  ${name}`);
  }
}
