// The rules of WCAG 2.2 A and AA that a machine can check.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type axeCore from 'axe-core';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What of the page as it is now is against a rule, with the element. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<AxeResults, string[]>(
    (rules) => (window as never as { axe: typeof axeCore }).axe.run({ runOnly: rules }),
    RULES,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join('\n')}`);
}
