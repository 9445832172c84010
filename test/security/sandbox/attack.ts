import { expect } from 'chai';
import type { CallErrorType, Grant } from '../../../sandbox/index.ts';
import type { Started } from '../../sandbox/start.ts';
import { startSandbox } from '../../sandbox/start.ts';

/**
 * One attack: the body of an async handler `(ctx, input)` that returns true when it got out, false when it found the way
 * closed; or the ways in which it must end (`ok`: with whatever it answers).
 */
export interface Attack {
  title: string;
  code: string;
  /** Default: it must run to its end and return false. */
  ends?: (CallErrorType | 'ok')[];
  grants?: Grant[];
  /** Further checks of what the host saw. */
  host?(started: Started): void;
}

/** Wall clock of one attack in `npm test`, milliseconds. */
const WALL_MS = 500;

/** A suite of attacks on one sandbox: after each of them the host serves another plugin as before. */
export function attacks(kind: string, list: Attack[]): void {
  describe(`an attack by ${kind}`, function () {
    this.timeout(60_000);
    let started: Started;
    before(async () => {
      started = await startSandbox();
      started.plugin('victim', `{ actions: { hello: async () => 'still here' } }`);
    });
    after(() => started.sandbox.close());

    list.forEach((attack, i) => {
      it(attack.title, async () => {
        await run(started, attack, `attacker-${i}`);
        const { ok, ...rest } = await started.run('victim', 'actions.hello', [], { idempotent: true });
        expect(ok, JSON.stringify(rest)).to.equal(true);
      });
    });
  });
}

/** On a machine under load an attack may find no time to attack: it gets another try, with four times as much. */
const TRIES = 4;
const late: string[] = ['timeout', 'starved', 'cpu_limit'];

async function run(started: Started, attack: Attack, id: string): Promise<void> {
  const { seen } = started;
  const handlers = `{ actions: { go: async function (ctx, input) { ${attack.code}\n } } }`;
  for (let attempt = 1; ; attempt++) {
    for (const list of Object.values(seen)) list.length = 0;
    started.plugin(id, handlers);
    const result = await started.run(id, 'actions.go', [{ text: 'input' }], {
      grants: attack.grants ?? [],
      limits: { wall_ms: WALL_MS * 4 ** (attempt - 1) },
    });
    const shown = result.ok ? result.output : `${result.error.type}: ${result.error.message}`;
    const type = result.ok ? 'ok' : result.error.type;
    const isLate = late.includes(type) && !attack.ends?.some((end) => end === type);
    attack.host?.(started);
    started.sandbox.unload(id);
    if (isLate && attempt < TRIES) continue;
    if (!attack.ends) expect(shown).to.equal('false');
    else expect([...attack.ends, 'timeout', 'starved'], shown).to.include(type);
    return;
  }
}
