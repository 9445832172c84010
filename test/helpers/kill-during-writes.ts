import { expect } from 'chai';
import type { RunningHost } from './host.ts';
import { descendants, eventually, isAlive } from './processes.ts';

/** Writes projects as fast as it can, kills the host meanwhile, and looks for every acknowledged one after a restart. */
export async function killDuringWrites(host: RunningHost, round: number): Promise<void> {
  const acknowledged: string[] = [];
  let writing = true;
  const writers = Array.from({ length: 4 }, async (_, writer) => {
    for (let i = 0; writing; i += 1) {
      const name = `round ${round} writer ${writer} number ${i}`;
      const answer = await host.request('POST', '/projects', { body: { name } }).catch(() => null);
      if (answer?.body.code === 'S10000') acknowledged.push(answer.body.content.id as string);
      if (answer === null) return;
    }
  });
  await eventually('some writes were acknowledged', () => acknowledged.length >= 10);
  const pids = descendants(host.process.pid ?? 0);
  expect(pids).to.not.be.empty;
  await host.kill();
  writing = false;
  await Promise.all(writers);
  await eventually('no process of the killed host is left', () => pids.every((pid) => !isAlive(pid)));
  await host.restart();
  for (const id of acknowledged) {
    const answer = await host.request('GET', `/projects/${id}`);
    expect(answer.body.code, `project ${id} was acknowledged before the kill`).to.equal('S10000');
  }
}
