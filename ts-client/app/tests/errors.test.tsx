// @vitest-environment jsdom
import './jsdom';

import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test, vi } from 'vitest';

import { Errors } from '../src/pages/deadletters/Errors';
import { FilterBar } from '../src/pages/tasks/FilterBar';
import type { Filters } from '../src/pages/tasks/filters';

const show = (what: ReactNode) => render(<MantineProvider env="test">{what}</MantineProvider>);

test('errors that are chosen are pressed, and can be let go though no task is left of them', () => {
  const onChoose = vi.fn<(type: string) => void>();
  const errors = [
    { type: 'timeout', title: 'It took too long', count: 2 },
    { type: 'broken', title: undefined, count: 1 },
  ];
  show(<Errors errors={errors} chosen={['broken', 'gone']} partial={false} onChoose={onChoose} />);
  const pressed = screen.getAllByRole('button').map((button) => [button.textContent, button.getAttribute('aria-pressed')]);
  expect(pressed).toEqual([
    ['timeout2', 'false'],
    ['broken1', 'true'],
    ['gone0', 'true'],
  ]);
  for (const button of screen.getAllByRole('button')) fireEvent.click(button);
  expect(onChoose.mock.calls).toEqual([['timeout'], ['broken'], ['gone']]);
});

test('a type that is typed is one more to filter by, letter by letter', () => {
  const onChange = vi.fn<(filters: Filters) => void>();
  const known = { queues: [], kinds: [] };
  show(<FilterBar filters={{ queue: 'mail', error_type: ['broken'] }} known={known} errors={['timeout']} onChange={onChange} />);
  const field = screen.getByLabelText('Error types', { selector: 'input:not([type=hidden])' });
  field.focus();
  fireEvent.change(field, { target: { value: 'Broken' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(onChange).toHaveBeenLastCalledWith({ queue: 'mail', error_type: ['broken', 'Broken'] });
});
