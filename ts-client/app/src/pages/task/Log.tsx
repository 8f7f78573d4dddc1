// The live log: it follows the newest line until the reader scrolls up, and then stays where it is.

import { ActionIcon, Button, Group, Tooltip } from '@mantine/core';
import { IconArrowDown, IconDownload, IconPlayerPause } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';

import type { LogLine, Task } from '../../api';
import { clockTime } from '../../live/format';
import { saveLog } from './saveLog';
import { Panel } from './Panel';
import classes from './task.module.css';

const LINE_HEIGHT = 20;
// Within this many pixels of the end counts as being there.
const NEAR = 24;

export function Log({ task, lines }: { task: Task; lines: readonly LogLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [following, setFollowing] = useState(true);
  const [frozen, setFrozen] = useState<readonly LogLine[]>(lines);
  // Paused, the lines stand still: the store drops old ones, which would move the rest up.
  const shown = following ? lines : frozen;
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  const save = useMutation({ mutationFn: () => saveLog(task) });

  const toEnd = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (following) toEnd();
  }, [following, lines]);

  const pause = () => {
    setFrozen(lines);
    setFollowing(false);
  };
  // Only the reader's own scrolling pauses; that of `toEnd` ends at the end.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onScroll = () => {
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      if (!atEnd && following) pause();
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  });

  const waiting = following ? 0 : countAfter(lines, frozen);
  return (
    <Panel
      title="Log"
      aside={
        <Group gap={6}>
          <Button
            size="compact-xs"
            variant={following ? 'subtle' : 'light'}
            color={following ? 'gray' : 'mile'}
            leftSection={following ? <IconPlayerPause size={13} aria-hidden /> : <IconArrowDown size={13} aria-hidden />}
            onClick={() => (following ? pause() : setFollowing(true))}
          >
            {following ? 'Pause' : waiting > 0 ? `Follow, ${waiting} new` : 'Follow'}
          </Button>
          <Tooltip label="Download the whole log" withArrow>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="sm"
              loading={save.isPending}
              onClick={() => save.mutate()}
              aria-label="Download the whole log"
            >
              <IconDownload size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
      }
    >
      {/* Its lines come faster than a screen reader could say them; it is read on demand. */}
      <div ref={box} className={classes.log} data-short={(task.done && lines.length === 0) || undefined} role="log" aria-live="off" aria-label="Log lines" tabIndex={0}>
        {shown.length === 0 && (
          <p className={classes.noLog}>{task.done ? 'Nothing was logged.' : 'Nothing has been logged yet.'}</p>
        )}
        <div style={{ height: rows.getTotalSize(), position: 'relative', minWidth: 'max-content' }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const line = shown[index];
            return (
              line && (
                <div
                  key={index}
                  className={classes.line}
                  data-level={line.level}
                  data-testid="log-line"
                  style={{ transform: `translateY(${start}px)`, height: LINE_HEIGHT }}
                >
                  <time className={classes.lineTime} dateTime={line.at}>
                    {clockTime(line.at)}
                  </time>
                  <span className={classes.level}>{line.level}</span>
                  <span>{plain(line.text)}</span>
                </div>
              )
            );
          })}
        </div>
      </div>
    </Panel>
  );
}

/** How many lines came after the last of `frozen`. */
function countAfter(lines: readonly LogLine[], frozen: readonly LogLine[]): number {
  const last = frozen.at(-1);
  return last === undefined ? lines.length : lines.length - 1 - lines.lastIndexOf(last);
}

// What programs send to colour a terminal (ECMA-48 control sequences) says nothing here.
// oxlint-disable-next-line no-control-regex
const CONTROL_SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

function plain(text: string): string {
  return text.includes('\u001b') ? text.replace(CONTROL_SEQUENCES, '') : text;
}
