import { expect } from 'chai';
import { readAnswer } from '../../core/invocations/go-on.ts';
import type { PreparedCall } from '../../core/invocations/invoke.ts';
import { type CallResult, type Recording, replay } from '../../sandbox/index.ts';
import type { RunningHost } from '../helpers/host.ts';
import { eventually } from '../helpers/processes.ts';
import { type Sideloaded, settled, sideload, sideloadHost } from '../helpers/sideload.ts';
import { script } from '../sandbox/start.ts';

/** What `again(seconds, state)` of the SDK gives; these plugins are written by hand. */
const again = `const again = (after_s, state) => ({ [Symbol.for('patchbay.again')]: { after_s, state } });`;
const ACTIONS = {
  count: `async (ctx, { to }, state) => {
    const n = (state?.n ?? 0) + 1;
    ctx.log.info('call ' + n);
    await ctx.store.set('calls', n);
    return n < to ? again(0, { n, 'a.b$': null }) : { n, to, arguments: state };
  }`,
  wait: `async (ctx, input, state) => (state ? { state } : again(input.s, 'later'))`,
  falls: `async (ctx, input, state) => { if (state === undefined) return again(0, null); throw new Error('no ' + state); }`,
  wrong: `async (ctx, input, state) => (state ? { text: 5 } : again(0, true))`,
  odd: `async (ctx, input) => ({ [Symbol.for('patchbay.again')]: input.said })`,
  heavy: `async (ctx, input) => again(0, 'x'.repeat(70000))`,
  echo: `async (ctx, input) => input`,
};
const manifest = {
  actions: {
    ...Object.fromEntries(Object.keys(ACTIONS).map((name) => [name, { title: name, input: { type: 'object' } }])),
    wrong: { title: 'wrong', output: { type: 'object', properties: { text: { type: 'string' } } } },
  },
};

describe('an action that asks to be called again', function goingOn() {
  this.timeout(240_000);
  let host: RunningHost;
  let plugin: Sideloaded;
  const get = async (id: string) => (await host.request('GET', `/invocations/${id}`)).body.content;
  const begun = async (action: string, input: object) => {
    const taken = await settled(() => plugin.act(action, input));
    expect(taken.status, taken.text).to.equal(202);
    expect(taken.headers.get('location')).to.equal(`/api/v1/invocations/${taken.body.content.invocation_id}`);
    expect(taken.body.content.status).to.equal('queued');
    return taken.body.content.invocation_id as string;
  };
  const ended = async (id: string) => {
    await eventually('it is over', async () => !['queued', 'running'].includes((await get(id)).status), 120_000);
    return get(id);
  };
  const refused = async (action: string, input: object) => {
    const { status, body } = await settled(() => plugin.act(action, input));
    expect([status, body.code]).to.deep.equal([502, 'F42308']);
    return body.content.error as { type: string; message: string };
  };

  before(async () => {
    host = await sideloadHost();
    const permissions = [{ name: 'storage' }];
    plugin = await sideload(host, { name: '@long/work', actions: ACTIONS, before: again, permissions, manifest });
  });

  it('is called with its input and its state until it has an output, which is found under its first invocation', async () => {
    const id = await begun('count', { to: 3 });
    const end = await ended(id);
    expect(end).to.deep.include({ id, status: 'succeeded', error: null, part: 1, continues: null });
    expect(end.output).to.deep.equal({ n: 3, to: 3, arguments: { n: 2, 'a.b$': null } });
    const { invocations } = (await host.request('GET', `/plugins/${plugin.id}/invocations?handler=actions.count`)).body
      .content;
    expect(
      invocations.map(({ part, continues }: { part: number; continues: string }) => [part, continues]),
    ).to.deep.equal([
      [3, id],
      [2, id],
      [1, null],
    ]);
    expect(invocations[2].continued_by).to.equal(invocations[1].id);
    expect(invocations[0].cause).to.deep.equal(invocations[2].cause);
    expect((await get(invocations[0].id)).logs[0].message).to.equal('call 3');
  });

  it('leaves a recording of each call, which runs again without the host', async () => {
    await ended(await begun('count', { to: 2 }));
    const { invocations } = (
      await host.request('GET', `/plugins/${plugin.id}/invocations?handler=actions.count&size=2`)
    ).body.content;
    const outcomes = [];
    for (const { id } of invocations) {
      const recording = (await host.request('GET', `/invocations/${id}/recording`)).body.content as Recording & {
        outcome: object;
      };
      const { result, differences, missing } = await replay(recording, {
        ...{ name: '@long/work', version: '1.0.0', script: script(`{ actions: { count: ${ACTIONS.count} } }`, again) },
      });
      expect({ differences, missing }).to.deep.equal({ differences: [], missing: [] });
      const { ok, again: goesOn } = result as { ok: boolean; again?: true };
      const seen = { ok, output: JSON.parse((result as { output: string }).output), ...(goesOn && { again: true }) };
      expect(seen).to.deep.equal(recording.outcome);
      outcomes.push(recording.outcome);
    }
    expect(outcomes[1]).to.deep.equal({ ok: true, output: { after_s: 0, state: { n: 1, 'a.b$': null } }, again: true });
  });

  it('waits as long as it asked, and says until when', async () => {
    const id = await begun('wait', { s: 3_600 });
    const waiting = await get(id);
    expect(waiting).to.deep.include({ status: 'queued', error: null });
    const left = Date.parse(waiting.next_at) - Date.now();
    expect(left).to.be.within(3_000_000, 3_600_000);
  });

  it('fails as its last call does', async () => {
    const end = await ended(await begun('falls', {}));
    expect(end).to.deep.include({ status: 'failed' });
    expect(end.error).to.deep.include({ type: 'threw', message: 'no null' });
    const wrong = await ended(await begun('wrong', {}));
    expect(wrong).to.deep.include({ status: 'failed' });
    expect(wrong.error.type).to.equal('bad_answer');
    expect(wrong.error.message).to.include('/text must be a string');
  });

  it('is refused with the field, what was seen and what is taken, when it asks for what no host gives', async () => {
    for (const [said, sees] of [
      [{ after_s: -1 }, '-1'],
      [{ after_s: 86_401 }, '86401'],
      [{ after_s: '5' }, '"5"'],
      [{ state: 1 }, 'undefined'],
      ['soon', 'undefined'],
    ] as const) {
      const { type, message } = await refused('odd', { said });
      expect(type, message).to.equal('bad_answer');
      expect(message).to.equal(`again(seconds, state): seconds must be a number from 0 to 86400, not ${sees}`);
    }
    expect((await refused('heavy', {})).message).to.include('state has 70002 bytes as JSON, at most 65536 are kept');
  });

  it('ends after a thousand calls and after seven days', () => {
    const judged = (number: number, days: number) => {
      const began_at = new Date(Date.now() - days * 86_400_000);
      const part = { root: 'inv_1', number, began_at };
      const call = { invoke: { installation: { _id: 'plg_1' }, handler: 'actions.x', args: [{}], part } };
      const said = { ok: true, again: true, output: '{"after_s":3600}', usage: {}, logs: [] };
      const { result, next } = readAnswer(call as unknown as PreparedCall, said as unknown as CallResult);
      return result.ok ? next?.data.part?.number : result.error.message;
    };
    expect(judged(999, 6.9)).to.equal(1_000);
    expect(judged(1_000, 1)).to.include('1000 times at most');
    expect(judged(2, 6.97)).to.match(/ends within 7 days; this one began at \d{4}-/);
  });

  it('cannot be asked for by data of the vendor: an output that looks like it is an output', async () => {
    const input = { after_s: 1, state: 2, again: true, 'patchbay.again': { after_s: 1 } };
    const { status, body } = await settled(() => plugin.act('echo', input));
    expect([status, body.content.output]).to.deep.equal([200, input]);
  });

  it('ends, and says why, when its plugin is switched off or uninstalled before it goes on', async () => {
    const stopped = await sideload(host, { name: '@long/stopped', actions: ACTIONS, before: again });
    const act = async (s: number) =>
      (await settled(() => stopped.act('wait', { s }))).body.content.invocation_id as string;
    const turn = (is_enabled: boolean) => host.request('PATCH', `/plugins/${stopped.id}`, { body: { is_enabled } });
    const late = await act(3_600);
    // A machine that is busy may go on before the plugin is off: then it waits for longer.
    const off = async (s: number): Promise<Record<string, unknown>> => {
      const id = await act(s);
      await turn(false);
      const end = await ended(id);
      if (end.status === 'failed' || s > 60) return end;
      await turn(true);
      return off(s * 4);
    };
    const end = await off(1);
    expect(end).to.deep.include({ status: 'failed' });
    expect(end.error).to.deep.equal({
      type: 'cancelled',
      message: '@long/stopped was switched off before its action ran',
    });
    expect((await host.request('DELETE', `/plugins/${stopped.id}`)).status).to.equal(200);
    const gone = await get(late);
    expect(gone).to.deep.include({ status: 'failed' });
    expect(gone.error).to.deep.include({ type: 'cancelled' });
    expect(gone.error.message).to.include('uninstalled');
  });
});
