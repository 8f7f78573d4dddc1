// A real browser, and pages that fail their test when something in them fails.

import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

let browser: Browser;
let contexts: BrowserContext[] = [];
let faults: string[] = [];

/** Starts the browser for the tests of a file. */
export function withBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterEach(async () => {
    const seen = faults;
    faults = [];
    for (const context of contexts) await context.close();
    contexts = [];
    expect(seen, 'faults of the page').toEqual([]);
  });
  afterAll(() => browser.close());
}

/** A page of its own: nothing is stored, nothing shared. */
export async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, locale: 'en-GB', ...options });
  contexts.push(context);
  return openIn(context, url);
}

/** Another tab beside `page`, which shares with it what tabs of one browser share. */
export function openBeside(page: Page, url: string): Promise<Page> {
  return openIn(page.context(), url);
}

async function openIn(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // That a request failed is what some tests are about, and the page's own business to show.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      faults.push(message.text());
    }
  });
  await page.goto(url);
  return page;
}
