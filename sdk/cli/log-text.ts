/** One line that a plugin logged, for a person. */
export function logText({ level, message, fields }: { level: string; message: string; fields?: object }): string {
  return `${level.padEnd(5)} ${message}${fields ? ` ${JSON.stringify(fields)}` : ''}`;
}
