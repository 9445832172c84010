import { Badge, type CSSVariablesResolver, createTheme } from '@mantine/core';

/** How the console looks. Contrast of the primary colour is checked by Mantine in both schemes. */
export const theme = createTheme({
  primaryColor: 'cyan',
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: 'md',
  cursorType: 'pointer',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "PingFang TC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  headings: { fontWeight: '650' },
  // Names and versions stand in badges too: none of them may change its case.
  components: {
    Badge: Badge.extend({ defaultProps: { tt: 'none' } }),
    // What is wider than a phone is scrolled by keyboard too. By its name: the first view carries no tables.
    TableScrollContainer: { defaultProps: { scrollAreaProps: { viewportProps: { tabIndex: 0 } } } },
  },
});

const coloured = ['red', 'orange', 'yellow', 'green', 'teal', 'cyan', 'blue', 'gray'] as const;
/** Text on a tint of its colour: what Mantine takes is below 4.5 to 1 for most of them (WCAG 2.2, 1.4.3). */
const onTint = (scheme: 'light' | 'dark'): Record<string, string> =>
  Object.fromEntries(
    coloured.map((name) => [
      `--mantine-color-${name}-light-color`,
      scheme === 'dark'
        ? `var(--mantine-color-${name}-2)`
        : `color-mix(in srgb, var(--mantine-color-${name}-9) 60%, black)`,
    ]),
  );

/** Where Mantine's own greys and tints are too pale to read. */
export const readable: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...onTint('light'),
    '--mantine-color-dimmed': '#5b636b',
    '--mantine-color-placeholder': '#656d75',
    '--mantine-color-error': '#c01b1b',
  },
  dark: {
    ...onTint('dark'),
    '--mantine-color-dimmed': '#a9b0b7',
    '--mantine-color-placeholder': '#9aa2aa',
    '--mantine-color-error': '#ff9c9c',
  },
});
