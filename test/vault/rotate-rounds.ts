import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect } from 'chai';
import { connection } from '../../core/database/mongoose.ts';
import { keyFile, readKeyFile } from '../../core/vault/key-file.ts';
import { createVault, seal, unseal } from '../../core/vault/vault.ts';

interface Secret {
  _id: string;
  deep: { list: string[]; plain: string };
}

const place = (id: string) => ({ workspace_id: 'wsp_r', record: id, field: 'deep' });
const secrets = () => connection.collection<Secret>('rotation_probes');
const textOf = (id: string, version = 0) => `secret of ${id}, ${version}`;

/** Stores sealed texts, deep inside documents as any noun may have them. */
export async function storeSecrets(count: number): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    await secrets().insertMany(
      Array.from({ length: Math.min(1000, count - from) }, (_, index) => {
        const _id = `s${String(from + index).padStart(7, '0')}`;
        return { _id, deep: { list: ['not sealed', seal(textOf(_id), place(_id))], plain: 'pbs1.not.sealed' } };
      }),
    );
  }
}

/** `patchbay-host rotate-key` as a person runs it. */
export function rotateByCommand(data: string): {
  child: ChildProcess;
  ended: Promise<number | null>;
  output: () => string;
} {
  const main = join(import.meta.dirname, '../../core/cli/main.ts');
  const env = {
    PATH: process.env.PATH ?? '',
    PATCHBAY_DATA: data,
    LOG_LEVEL: 'silent',
    ...(process.env.MONGODB_URI ? { MONGODB_URI: process.env.MONGODB_URI } : {}),
  };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'rotate-key'], { env });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  return { child, ended: once(child, 'close').then(([code]) => code), output: () => text };
}

/**
 * Rotates while this process goes on reading and writing like a host; kills the rotation once it is half through and
 * runs it again. Every read of every moment must open.
 */
export async function rotateUnderWork(data: string, count: number): Promise<void> {
  const [before] = readKeyFile(data);
  const versions = new Map<string, number>();
  let working = true;
  let reads = 0;
  const work = (async () => {
    for (let turn = 0; working; turn += 1) {
      const _id = `s${String(Math.floor(Math.random() * count)).padStart(7, '0')}`;
      const version = versions.get(_id) ?? 0;
      if (turn % 3 === 0) {
        versions.set(_id, version + 1);
        await secrets().updateOne({ _id }, { $set: { 'deep.list.1': seal(textOf(_id, version + 1), place(_id)) } });
      }
      const found = await secrets().findOne({ _id });
      expect(unseal(found?.deep.list[1] ?? '', place(_id))).to.equal(textOf(_id, versions.get(_id) ?? 0));
      reads += 1;
    }
  })();
  try {
    const first = rotateByCommand(data);
    await Promise.race([halfWay(first.output, count, () => working), work]);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(readKeyFile(data), 'both keys until it is done').to.have.length(2);
    const second = rotateByCommand(data);
    const code = await Promise.race([second.ended, work.then(() => null)]);
    expect(code, second.output()).to.equal(0);
  } finally {
    working = false;
  }
  await work;
  expect(reads).to.be.greaterThan(10);
  const [after, ...older] = readKeyFile(data);
  expect(older, keyFile(data)).to.have.length(0);
  expect(after?.equals(before ?? Buffer.alloc(0))).to.equal(false);
  const newOnly = createVault([after ?? Buffer.alloc(0)]);
  let seen = 0;
  for await (const { _id, deep } of secrets().find()) {
    expect(newOnly.unseal(deep.list[1] ?? '', place(_id))).to.equal(textOf(_id, versions.get(_id) ?? 0));
    seen += 1;
  }
  expect(seen).to.equal(count);
}

async function halfWay(output: () => string, count: number, going: () => boolean): Promise<void> {
  while (going()) {
    const done = Number(
      /^rotation_probes: (\d+) looked at/.exec(output().slice(output().lastIndexOf('rotation_probes')))?.[1] ?? 0,
    );
    if (done >= count / 3) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
