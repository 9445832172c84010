import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { createClient, path } from '../../client/index.ts';
import { Failure } from '../../contract/failure.ts';
import { type Packed, pack, unpack } from '../../package/index.ts';
import { type RecordedCall, type ReplayedCall, replayRecording } from '../../testing/index.ts';
import { type Call, type Command, textOption, UsageError } from '../command.ts';
import { hostUrl, signedInClient } from '../host.ts';
import { logText } from '../log-text.ts';

export const replay: Command = {
  options: {
    folder: { type: 'string' },
    release: { type: 'boolean' },
    'save-test': { type: 'boolean' },
    out: { type: 'string' },
    url: { type: 'string' },
  },
  async run(call) {
    const [word] = call.words;
    if (!word) throw new UsageError('Name an invocation: patchbay replay inv_… ("patchbay logs" shows them)');
    const folder = resolve(call.folder, textOption(call, 'folder', '.') ?? '.');
    const { recording, id } = await readRecording(call, word);
    const packed = call.options.release === true ? await released(call, recording) : await pack(folder);
    if (packed.manifest.name !== recording.plugin) {
      const message = `The recording is of ${recording.plugin}, and this is ${packed.manifest.name}; name its folder with --folder`;
      throw new Failure('conflict', { message });
    }
    if (recording.is_cut) call.tell('The recording was too long to be kept whole: its end is missing');
    if (packed.manifest.version !== recording.version) {
      call.tell(`It was ${recording.version} that ran; this is ${packed.manifest.version}`);
    }
    const replayed = await replayRecording({ packed, recording });
    const out = textOption(call, 'out');
    if (out) await writeFile(resolve(call.folder, out), `${JSON.stringify(recording, null, 2)}\n`);
    const test = call.options['save-test'] === true ? await saveTest(folder, id, recording) : undefined;
    const { outcome, is_same, differences, missing, logs } = replayed;
    const host_calls = recording.host_calls.map(({ n, op, request }) => ({ n, op, request }));
    return {
      ok: is_same,
      result: {
        ...{ invocation: id, plugin: recording.plugin, version: packed.manifest.version, handler: recording.handler },
        ...{ is_same, outcome, recorded: recording.outcome, differences, missing, host_calls, logs },
        ...(test ? { test } : {}),
      },
      text: [...textOf(recording, replayed), ...(test ? [`Its test: ${test}`] : [])].join('\n'),
    };
  },
};

/** A recording of the host, or one that was kept in a file. */
async function readRecording(call: Call, word: string): Promise<{ recording: RecordedCall; id: string }> {
  const file = resolve(call.folder, word);
  if (!existsSync(file)) {
    const client = await signedInClient(call);
    return {
      id: word,
      recording: (await client.call('GET /invocations/{id}/recording', {
        params: { id: word },
      })) as unknown as RecordedCall,
    };
  }
  try {
    const recording: RecordedCall = JSON.parse(await readFile(file, 'utf8'));
    if (!Array.isArray(recording.host_calls) || typeof recording.handler !== 'string') throw new Error('no host_calls');
    return { recording, id: word.replace(/^.*[/\\]|\.json$/g, '') };
  } catch (cause) {
    throw new Failure('malformed', {
      message: `${word} is no recording; "patchbay replay inv_… --out file" makes one`,
      cause,
    });
  }
}

/** The very release that ran, where the author's folder has gone on. */
async function released(call: Call, { plugin, version }: RecordedCall): Promise<Pick<Packed, 'manifest' | 'files'>> {
  const client = createClient({ url: hostUrl(call) });
  return unpack(Buffer.from(await client.download(path`/registry/plugins/${plugin}/versions/${version}/tarball`)));
}

function textOf(
  { handler, host_calls, started_at }: RecordedCall,
  { outcome, logs, summary, is_same }: ReplayedCall,
): string[] {
  const end = outcome.ok
    ? JSON.stringify(outcome.output, null, 2)
    : [`${outcome.error.name ?? outcome.error.type}: ${outcome.error.message}`, outcome.error.stack ?? []]
        .flat()
        .join('\n');
  const calls = `${host_calls.length} host call${host_calls.length === 1 ? '' : 's'}`;
  return [
    `${handler}${started_at ? ` of ${started_at}` : ''}, ${calls} answered from the recording`,
    ...logs.map(logText),
    end,
    ...(is_same
      ? ['It goes as it was recorded']
      : ['It goes otherwise than it was recorded:', ...summary.map((line) => `  - ${line}`)]),
  ];
}

/** Keeps the recording beside the plugin, with a test that fails as long as the call fails. */
async function saveTest(folder: string, id: string, recording: RecordedCall): Promise<string> {
  const kind = existsSync(join(folder, 'plugin.ts')) ? 'ts' : 'js';
  const kept = join(folder, 'recordings', `${id}.json`);
  const test = join(folder, `${id}.test.${kind}`);
  if (existsSync(test)) throw new Failure('conflict', { message: `${test} exists; remove it first` });
  await mkdir(dirname(kept), { recursive: true });
  await writeFile(kept, `${JSON.stringify(recording, null, 2)}\n`);
  await writeFile(test, testOf(id, recording));
  return test;
}

function testOf(id: string, { handler, outcome, started_at }: RecordedCall): string {
  const when = started_at ? ` on ${started_at.slice(0, 10)}` : '';
  const title = outcome.ok
    ? `${handler} answers as it did${when}`
    : `${handler} does not fail as it did${when}: ${outcome.error.message.slice(0, 200)}`;
  const assertion = outcome.ok
    ? '  assert.ok(replayed.is_same, replayed.summary.join("\\n"));'
    : "  assert.ok(replayed.outcome.ok, replayed.outcome.ok ? '' : replayed.outcome.error.message);";
  return `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { replayRecording } from '@patchbay/sdk/testing';

const recording = JSON.parse(readFileSync(new URL('recordings/${id}.json', import.meta.url), 'utf8'));

test(${JSON.stringify(title)}, async () => {
  const replayed = await replayRecording({ folder: import.meta.dirname, recording });
${assertion}
});
`;
}
