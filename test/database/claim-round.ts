import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { MongoClient } from 'mongodb';
import { startEngine, temporaryFolder } from './engine-process.ts';

const run = promisify(execFile);

/** Three processes with 21 workers together claim so many jobs from one engine process: each job once, none left over. */
export async function claimRound(count: number): Promise<void> {
  const { folder, remove } = temporaryFolder();
  const engine = await startEngine(folder);
  const client = await MongoClient.connect(engine.uri);
  try {
    const jobs = client.db('test').collection<{ _id: number; state: string; at: number }>('jobs');
    await jobs.createIndex({ state: 1, at: 1 });
    await jobs.insertMany(Array.from({ length: count }, (_, i) => ({ _id: i, state: 'waiting', at: i % 100 })));
    const script = join(import.meta.dirname, 'claimer.ts');
    const args = ['--disable-warning=ExperimentalWarning', script, engine.uri, '7'];
    const results = await Promise.all(
      [1, 2, 3].map(() => run(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 })),
    );
    const claimed = results.flatMap(({ stdout }) => JSON.parse(stdout) as number[]).sort((a, b) => a - b);
    expect(claimed).to.deep.equal([...Array(count).keys()]);
  } finally {
    await client.close();
    await engine.kill('SIGTERM');
    remove();
  }
}
