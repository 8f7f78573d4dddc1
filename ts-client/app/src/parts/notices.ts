import { notifications } from '@mantine/notifications';

import { explain, MilepostProblem } from '../api';

/** Says that something asked for did not happen, and why. */
export function sayFailure(error: unknown): void {
  notifications.show({
    color: 'red',
    title: error instanceof MilepostProblem ? error.title : 'That did not work',
    message: explain(error),
    autoClose: 8_000,
  });
}

/** Says that something asked for was done. */
export function sayDone(message: string): void {
  notifications.show({ message, autoClose: 3_000 });
}
