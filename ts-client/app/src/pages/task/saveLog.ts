import type { Task } from '../../api';
import { historyOf } from '../../live/history';

/** Saves everything a task's workers logged as a file, read from its history page by page. */
export async function saveLog(task: Task): Promise<void> {
  const parts: string[] = [];
  for await (const page of historyOf(task)) {
    for (const event of page.items) {
      if (event.type !== 'task.log') continue;
      for (const line of event.lines) parts.push(`${line.at} ${line.level.padEnd(5)} ${line.text}\n`);
    }
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${task.kind}-${task.id}.log`;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
