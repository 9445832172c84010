import { Anchor, type AnchorProps } from '@mantine/core';
import type { MouseEvent, ReactNode } from 'react';
import { navigate } from './navigate.ts';

/** Follows a link without loading the page anew; a click with a key held stays the browser's. */
export function follow(event: MouseEvent, address: string): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  navigate(address);
}

/** A link to a page of the console, as large as the text around it unless a size is named. */
export function Link({ to, children, ...rest }: AnchorProps & { to: string; children: ReactNode }) {
  return (
    <Anchor href={to} inherit={rest.size === undefined} onClick={(event) => follow(event, to)} {...rest}>
      {children}
    </Anchor>
  );
}
