import { expect } from 'chai';
import type { CallErrorType, Grant } from '../../../sandbox/index.ts';
import type { Started } from '../../sandbox/start.ts';
import { startSandbox } from '../../sandbox/start.ts';

/**
 * One attack: the body of an async handler `(ctx, input)` that returns true when it got out, false when it found the way
 * closed; or the ways in which it must be ended.
 */
export interface Attack {
  title: string;
  code: string;
  /** Default: it must run to its end and return false. */
  ends?: CallErrorType[];
  grants?: Grant[];
  /** Further checks of what the host saw. */
  host?(started: Started): void;
}

/** Wall clock of one attack in `npm test`, milliseconds. */
const WALL_MS = 500;

/** A suite of attacks on one sandbox: after each of them the host serves another plugin as before. */
export function attacks(kind: string, list: Attack[]): void {
  describe(`an attack by ${kind}`, () => {
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

async function run(started: Started, attack: Attack, id: string): Promise<void> {
  const { seen } = started;
  for (const list of Object.values(seen)) list.length = 0;
  started.plugin(id, `{ actions: { go: async function (ctx, input) { ${attack.code}\n } } }`);
  const result = await started.run(id, 'actions.go', [{ text: 'input' }], {
    grants: attack.grants ?? [],
    limits: { wall_ms: WALL_MS },
  });
  const shown = result.ok ? result.output : `${result.error.type}: ${result.error.message}`;
  if (attack.ends) {
    expect(result.ok, shown).to.equal(false);
    if (!result.ok) expect(attack.ends, shown).to.include(result.error.type);
  } else expect(shown).to.equal('false');
  attack.host?.(started);
  started.sandbox.unload(id);
}
