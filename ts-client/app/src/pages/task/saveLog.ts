import { milepost, type Task } from '../../api';

const PAGE = 1_000;

/** Saves everything a task's workers logged as a file, read from its history page by page. */
export async function saveLog(task: Task): Promise<void> {
  const parts: string[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await milepost.history(task.id, { after, limit: PAGE });
    for (const event of page.items) {
      if (event.type !== 'task.log') continue;
      for (const line of event.lines) parts.push(`${line.at} ${line.level.padEnd(5)} ${line.text}\n`);
    }
    if (page.items.length < PAGE || page.cursor === after) break;
    after = page.cursor;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${task.kind}-${task.id}.log`;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
