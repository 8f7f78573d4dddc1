import { createTheme, type CSSVariablesResolver } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'mile',
  primaryShade: 6,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  // The system's own fonts: nothing is fetched, so the page works without a way out.
  fontFamily: 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '620' },
  colors: {
    mile: ['#eef3ff', '#dde6fc', '#b9caf6', '#93adf1', '#7494ec', '#5f84e8', '#3f6ae0', '#3158c4', '#2a4cab', '#213e8f'],
    dark: ['#d3d9e3', '#b4bdca', '#8e99a9', '#626d7e', '#343d4b', '#29313d', '#1c232d', '#141a22', '#0f141b', '#0a0e13'],
  },
});

/** The quiet form of a colour, for notices: its word on a breath of it. */
function tinted(name: string, colour: string): Record<string, string> {
  return {
    [`--mantine-color-${name}-light`]: `color-mix(in srgb, var(${colour}) 12%, transparent)`,
    [`--mantine-color-${name}-light-color`]: `var(${colour})`,
  };
}

// Mantine's own names for what the palette has already.
const shared = {
  '--mantine-color-body': 'var(--panel)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-soft)',
  '--mantine-color-placeholder': 'var(--ink-faint)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-error': 'var(--failed)',
  ...tinted('red', '--failed'),
  ...tinted('green', '--succeeded'),
};

/** Colours that Mantine has no name for; the style sheets use them by these names. */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...shared,
    '--ground': '#f6f7f9',
    '--panel': '#ffffff',
    '--line': '#e2e6ec',
    '--line-strong': '#cdd4de',
    '--hover': '#f1f4f9',
    '--ink': '#1b2330',
    '--ink-soft': '#566173',
    '--ink-faint': '#5f6979',
    '--track': '#e5e9f0',
    '--scheduled': '#6a42c2',
    '--queued': '#54627a',
    '--running': '#2f5bd3',
    '--retrying': '#9a4c00',
    '--succeeded': '#0f7553',
    '--failed': '#b3261e',
    '--cancelled': '#5a6574',
  },
  dark: {
    ...shared,
    '--ground': '#0f141b',
    '--panel': '#141a22',
    '--line': '#262e3a',
    '--line-strong': '#3a4453',
    '--hover': '#1a212b',
    '--ink': '#e3e8ef',
    '--ink-soft': '#a0abba',
    '--ink-faint': '#8a95a5',
    '--track': '#262e3a',
    '--scheduled': '#b197fc',
    '--queued': '#9aa7b8',
    '--running': '#7fa0f5',
    '--retrying': '#f3a54a',
    '--succeeded': '#46c79a',
    '--failed': '#ff8080',
    '--cancelled': '#8a95a5',
  },
});
