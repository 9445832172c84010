import { Avatar } from '@mantine/core';

/** A plugin's sign: the first letters of its name, in a colour that its full name always gives. */
export function PluginIcon({ name, size = 44 }: { name: string; size?: number }) {
  const letters = name.split('/').at(-1)?.slice(0, 2).toUpperCase();
  return (
    <Avatar name={name} color="initials" radius="md" size={size} aria-hidden="true">
      {letters}
    </Avatar>
  );
}
