import { Avatar } from '@mantine/core';

/**
 * A plugin's own icon, else the first letters of its name in a colour that the name always gives.
 *
 * @param icon a data: address; any other would load from elsewhere and is not shown
 */
export function PluginIcon({
  name,
  icon,
  size = 44,
}: {
  name: string;
  icon?: string | null | undefined;
  size?: number;
}) {
  const own = icon?.startsWith('data:image/') ? icon : null;
  return (
    <Avatar src={own} name={name} color="initials" radius="md" size={size} alt="" aria-hidden="true">
      {name.split('/').at(-1)?.slice(0, 2).toUpperCase()}
    </Avatar>
  );
}
