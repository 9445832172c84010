import { Button } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../language/use-text.tsx';

/** A button that puts a text into the clipboard, and says that it did. */
export function Copy({ text, label, size = 'xs' }: { text: string; label?: string; size?: string }) {
  const { t } = useText();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await toClipboard(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <Button size={size} variant="default" onClick={() => void copy()}>
      {isCopied ? t('keys.copied') : (label ?? t('keys.copy'))}
    </Button>
  );
}

/** Browsers have `navigator.clipboard` only where the host is reached by HTTPS or as localhost; elsewhere a selection is copied. */
async function toClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
}
