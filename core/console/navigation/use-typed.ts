import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { setQuery, useLocation } from './navigate.ts';

const asItIs = (given: string): string => given;

/**
 * What somebody types into a field whose text is a value of the address. The address follows when they pause; when it
 * changes by itself (a link of the menu, the way back), the field follows.
 *
 * @param name of the value
 * @param read what of an address the field can hold
 */
export function useTyped(name: string, read = asItIs): [text: string, type: (text: string) => void] {
  const given = useLocation().query.get(name) ?? '';
  const [text, setText] = useState(read(given));
  const ask = useDebouncedCallback((wanted: string) => setQuery({ [name]: wanted || null, page: null }), 250);
  // A space at the end is no part of the address, and is still being typed.
  useEffect(() => setText((now) => (now.trim() === given ? now : read(given))), [given, read]);
  return [
    text,
    (typed) => {
      setText(typed);
      ask(typed.trim());
    },
  ];
}
