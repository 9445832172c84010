import { type Client, path, type Schemas } from '../../client/index.ts';
import { type Call, type Command, textOption, UsageError } from '../command.ts';
import { readEvents } from '../events.ts';
import { signedInClient } from '../host.ts';
import { mustBeInstalled } from '../installed.ts';
import { logText } from '../log-text.ts';
import { readPlugin } from '../plugin-source.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;

type Line = Schemas['LogLine'];

export const logs: Command = {
  options: {
    follow: { type: 'boolean', short: 'f' },
    level: { type: 'string' },
    since: { type: 'string' },
    size: { type: 'string' },
    url: { type: 'string' },
  },
  async run(call) {
    const level = levels.find((known) => known === textOption(call, 'level', 'debug'));
    if (!level) throw new UsageError(`--level is one of ${levels.join(', ')}`);
    const size = Number(textOption(call, 'size', '50'));
    if (!Number.isInteger(size) || size < 1 || size > 100) throw new UsageError('--size is a number from 1 to 100');
    const [word] = call.words;
    const name = word && /^(@|plg_)/.test(word) ? word : (await readPlugin(call)).manifest.name;
    const client = await signedInClient(call);
    const { id, name: plugin } = await mustBeInstalled(client, name);
    const since = sinceOption(call);
    const query = { level, size, ...(since === undefined ? {} : { since }) };
    const before = await client.call('GET /plugins/{id}/logs', { params: { id }, query });
    // The host tells the latest first; people read down.
    const lines = before.logs.reverse();
    if (call.options.follow !== true) {
      return { result: { plugin, id, logs: lines }, text: lines.map(textOf).join('\n') || `${plugin} logged nothing` };
    }
    for (const line of lines) call.show(textOf(line), line);
    await follow(call, client, id, level);
    return { result: { plugin, id }, text: '' };
  },
};

/** Shows lines as they come, until Ctrl-C or until the host ends it. */
async function follow(call: Call, client: Client, id: string, level: string): Promise<void> {
  const ended = new AbortController();
  const stop = () => ended.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  call.tell('following; Ctrl-C ends');
  try {
    const options = { query: { level }, headers: { accept: 'text/event-stream' }, signal: ended.signal };
    for await (const data of readEvents(await client.stream(path`/plugins/${id}/logs`, options))) {
      const line = JSON.parse(data) as Line;
      call.show(textOf(line), line);
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** A time, or how long ago: `15m`, `2h`, `3d`. */
function sinceOption(call: Call): string | undefined {
  const text = textOption(call, 'since');
  if (text === undefined) return undefined;
  const ago = /^(\d{1,6})([smhd])$/.exec(text);
  const seconds = { s: 1, m: 60, h: 3_600, d: 86_400 }[ago?.[2] ?? ''];
  const at = ago && seconds ? Date.now() - Number(ago[1]) * seconds * 1_000 : Date.parse(text);
  if (Number.isNaN(at)) throw new UsageError(`--since is a time, or how long ago as in 15m; "${text}" is neither`);
  return new Date(at).toISOString();
}

function textOf(line: Line): string {
  return `${line.at} ${line.invocation_id} ${line.handler} ${logText(line)}`;
}
