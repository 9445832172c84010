import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';

/** A long list of which only what is in sight is in the page. Its place in the whole is told to screen readers. */
export function VirtualList<Item>({
  items,
  label,
  height = 480,
  estimate = 44,
  keyOf,
  children,
}: {
  items: readonly Item[];
  label: string;
  height?: number;
  /** height of a line in pixels before it was measured */
  estimate?: number;
  keyOf(item: Item, index: number): string;
  children(item: Item): ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item, index);
    },
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className="virtual-list" aria-label={label} tabIndex={0} style={{ maxHeight: height }}>
      <ul style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map((line) => {
          const item = items[line.index];
          return item === undefined ? null : (
            <li
              key={line.key}
              ref={list.measureElement}
              data-index={line.index}
              aria-setsize={items.length}
              aria-posinset={line.index + 1}
              style={{ transform: `translateY(${line.start}px)` }}
            >
              {children(item)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
