import { useEffect, useEffectEvent, useState } from 'react';

/**
 * Listens to a server-sent event stream of the host while the part is shown. The browser connects again by itself.
 *
 * @param path below `/api/v1`; null listens to nothing
 * @param event name of the events that are wanted
 * @returns whether the stream is open
 */
export function useLive(path: string | null, event: string, hear: (data: unknown) => void): boolean {
  const [isOpen, setOpen] = useState(false);
  const onData = useEffectEvent(hear);
  useEffect(() => {
    if (path === null) return;
    let source: EventSource;
    const onEvent = ({ data }: MessageEvent<string>) => {
      try {
        onData(JSON.parse(data));
      } catch {
        // A cut line is none; the next one is whole again.
      }
    };
    const open = () => {
      source = new EventSource(`/api/v1${path}`);
      source.addEventListener('open', () => setOpen(true));
      source.addEventListener('error', () => setOpen(false));
      source.addEventListener(event, onEvent);
    };
    // A refusal ends it for good, though the session may be renewed since, or another window's workspace be left again.
    const openAgain = () => source.readyState === EventSource.CLOSED && open();
    open();
    addEventListener('focus', openAgain);
    return () => {
      removeEventListener('focus', openAgain);
      source.close();
      setOpen(false);
    };
  }, [path, event]);
  return isOpen;
}
