import { expect } from 'chai';
import type { Engine, Room, RoomOptions } from '../../sandbox/child/engine.ts';
import { LoadFailed, Stopped } from '../../sandbox/child/engine.ts';
import { isolatedVmEngine } from '../../sandbox/child/isolated-vm.ts';
import { Enter, Op } from '../../sandbox/protocol.ts';
import { script } from './start.ts';

/** What any engine must do to be the sandbox's. That it keeps to its heap is shown where it may end its process: test/security/sandbox/memory. */
function conforms(name: string, makeEngine: () => Engine): void {
  describe(`the engine ${name}`, () => {
    const engine = makeEngine();
    const told: [number, number, string][] = [];
    const rooms: Room[] = [];
    const open = (more: Partial<RoomOptions> = {}) => {
      const room = engine.open({
        heap_mb: 32,
        seed: '00'.repeat(32),
        host: (call, op, json) => told.push([call, op, json]),
        onCatastrophe: () => {},
        ...more,
      });
      rooms.push(room);
      return room;
    };
    const start = (room: Room, handler: string, ms = 1000) =>
      room.enter([Enter.start, 7, `actions.${handler}`, '[]', '{}', 10, 1000, 0], ms);
    const stop = (act: () => void) => {
      try {
        act();
      } catch (error) {
        if (error instanceof Stopped) return error.reason;
        throw error;
      }
      return 'ran';
    };

    beforeEach(() => told.splice(0));
    afterEach(() => {
      for (const room of rooms.splice(0)) room.close();
    });

    it('runs a script and enters it', () => {
      const room = open();
      room.run(script('{ actions: { go: async () => ({ a: 1 }) } }'), 'plugin://x', 1000);
      start(room, 'go');
      expect(told).to.deep.equal([[7, Op.result, '{"a":1}']]);
    });

    it('runs microtasks within the entry, and ends those that do not end', () => {
      const room = open();
      room.run(
        script(
          '{ actions: { go: async () => { await null; await null; return 1; }, loop: async () => { await null; for (;;); } } }',
        ),
        'x',
        1000,
      );
      start(room, 'go');
      expect(told).to.have.length(1);
      expect(stop(() => start(room, 'loop', 30))).to.equal('time');
    });

    it('says what a script threw', () => {
      expect(() => open().run('throw new TypeError("no")', 'x', 1000)).to.throw(LoadFailed, 'no');
      expect(() => open().run('var =', 'x', 1000)).to.throw(LoadFailed);
      expect(stop(() => void open().run('for (;;);', 'x', 30))).to.equal('time');
    });

    it('shares nothing between rooms', () => {
      const [a, b] = [open(), open()];
      const source = script(
        '{ actions: { set: async () => { globalThis.x = 1; Object.prototype.y = 1; }, get: async () => [typeof x, typeof ({}).y] } }',
      );
      for (const room of [a, b]) room.run(source, 'x', 1000);
      start(a, 'set');
      start(b, 'get');
      expect(told.at(-1)?.[2]).to.equal('["undefined","undefined"]');
    });

    it('measures CPU and heap', () => {
      const room = open();
      room.run(
        script(
          '{ actions: { go: async () => { const end = Date.now() + 20; while (Date.now() < end); globalThis.k = new Array(500000).fill(1.5); } } }',
        ),
        'x',
        1000,
      );
      const [cpu, heap] = [room.cpu_ms(), room.heap_bytes()];
      start(room, 'go');
      expect(room.cpu_ms() - cpu).to.be.greaterThan(1);
      expect(room.heap_bytes() - heap).to.be.greaterThan(2_000_000);
    });

    it('takes the code cache that it made', () => {
      const source = script('{ actions: { go: async () => 1 } }');
      const first = open();
      first.run(source, 'x', 1000);
      start(first, 'go');
      const cache = first.cache(source, 'x');
      if (!cache) return;
      expect(open().run(source, 'x', 1000, cache)).to.equal(true);
      expect(open().run(`${source};1`, 'x', 1000, cache)).to.equal(false);
    });

    it('may be closed twice, and asked after that', () => {
      const room = open();
      room.close();
      room.close();
      expect(room.heap_bytes()).to.be.a('number');
    });
  });
}

conforms('isolated-vm', isolatedVmEngine);
