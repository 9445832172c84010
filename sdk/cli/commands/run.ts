import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { recordedVendor, testPlugin } from '../../testing/index.ts';
import { type Call, type Command, textOption, UsageError } from '../command.ts';
import { logText } from '../log-text.ts';
import { readPlugin } from '../plugin-source.ts';
import { runOnHost } from '../run-on-host.ts';

const kinds = ['action', 'stream', 'trigger'] as const;

export const run: Command = {
  options: {
    folder: { type: 'string' },
    input: { type: 'string' },
    config: { type: 'string' },
    recording: { type: 'string' },
    pages: { type: 'string' },
    host: { type: 'boolean' },
    integration: { type: 'string' },
    url: { type: 'string' },
  },
  async run(call) {
    const [kindWord, name] = call.words;
    const kind = kinds.find((known) => known === kindWord);
    if (!kind || !name)
      throw new UsageError('patchbay run action|stream|trigger <name> [--input json|@file] [--recording file]');
    const packed = await readPlugin({ ...call, words: [textOption(call, 'folder', '.') ?? '.'] });
    const declared = packed.manifest[`${kind}s`] ?? {};
    if (!Object.hasOwn(declared, name)) {
      throw new UsageError(
        `The manifest has no ${kind} "${name}"; it has ${Object.keys(declared).join(', ') || 'none'}`,
      );
    }
    const input = await jsonOption(call, 'input');
    if (call.options.host === true) return runOnHost(call, packed.manifest.name, kind, name, input);
    const recording = textOption(call, 'recording');
    const vendor = recording ? (await recordedVendor(resolve(call.folder, recording))).vendor : undefined;
    const config = Object(await jsonOption(call, 'config'));
    const plugin = await testPlugin({ packed, config, ...(vendor ? { vendor } : {}) });
    try {
      const output = await {
        action: () => plugin.action(name, input ?? {}),
        stream: () => plugin.pull(name, Object(input), Number(textOption(call, 'pages', '10'))),
        trigger: () => plugin.receive(name, { body: input ?? {} }),
      }[kind]();
      const { requests, events, logs, denied } = plugin;
      const lines = [
        ...logs.map(logText),
        ...requests.map(({ method, url }) => `fetch ${method} ${url}`),
        ...events.map(({ type, data }) => `event ${type} ${JSON.stringify(data)}`),
      ];
      return {
        result: { output, requests, events, logs, denied },
        text: [...lines, JSON.stringify(output, null, 2)].join('\n'),
      };
    } finally {
      await plugin.close();
    }
  },
};

/** JSON of an option, or of the file that it names with `@`. */
async function jsonOption(call: Call, name: string): Promise<unknown> {
  const text = textOption(call, name);
  if (text === undefined) return undefined;
  const source = text.startsWith('@') ? await readFile(resolve(call.folder, text.slice(1)), 'utf8') : text;
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new UsageError(`--${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
