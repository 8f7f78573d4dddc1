import { expect, test } from 'vitest';

import { placeStages } from '../src/parts/StageBar';

const stages = [
  { name: 'fetch', weight: 1 },
  { name: 'encode', weight: 3 },
  { name: 'upload', weight: 1 },
];
const at = (stage: string | undefined, stage_percent?: number) => ({
  updated_at: '2026-11-22T09:00:00.000Z',
  ...(stage !== undefined && { stage }),
  ...(stage_percent !== undefined && { stage_percent }),
});
const placesOf = (...args: Parameters<typeof placeStages>) => placeStages(...args).map(({ place, value }) => `${place} ${value}`);

test('stages before the one under way are done, those behind it are to come', () => {
  expect(placesOf(stages, 'running', at('encode', 40))).toEqual(['done 100', 'active 40', 'ahead 0']);
});

test('a task that said nothing, or names a stage it does not have, has all of them to come', () => {
  expect(placesOf(stages, 'running', undefined)).toEqual(['ahead 0', 'ahead 0', 'ahead 0']);
  expect(placesOf(stages, 'running', at('elsewhere'))).toEqual(['ahead 0', 'ahead 0', 'ahead 0']);
});

test('a success has done them all; a failure stays where it was', () => {
  expect(placesOf(stages, 'succeeded', at('fetch', 10))).toEqual(['done 100', 'done 100', 'done 100']);
  expect(placesOf(stages, 'failed', at('encode', 40))).toEqual(['done 100', 'active 40', 'ahead 0']);
});
