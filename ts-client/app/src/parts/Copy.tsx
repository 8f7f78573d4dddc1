import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/**
 * A small button that puts `value` on the clipboard. `what` names it: "Copy task id". The smallest,
 * which tables have in each row, has the browser's own tooltip: many of ours make scrolling heavy.
 */
export function Copy({ value, what, size = 'sm' }: { value: string; what: string; size?: 'xs' | 'sm' }) {
  return (
    <CopyButton value={value} timeout={1_500}>
      {({ copied, copy }) => {
        const word = copied ? 'Copied' : what;
        const button = (
          <ActionIcon
            variant="subtle"
            color={copied ? 'teal' : 'gray'}
            size={size}
            onClick={copy}
            aria-label={word}
            title={size === 'xs' ? word : undefined}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        );
        return size === 'xs' ? button : (
          <Tooltip label={word} openDelay={400} withArrow>
            {button}
          </Tooltip>
        );
      }}
    </CopyButton>
  );
}
