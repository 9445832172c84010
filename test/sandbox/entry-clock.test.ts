import { expect } from 'chai';
import type { Room } from '../../sandbox/child/engine.ts';
import { EntryClock } from '../../sandbox/child/entry-clock.ts';

/** A room whose CPU clock is set by hand. */
function roomWith(clock: { cpu_ms: number }): Room {
  return { cpu_ms: () => clock.cpu_ms } as Room;
}

function pass(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('the clock of entries', () => {
  it('bills a long entry for the CPU that it used, not for the time on the wall', () => {
    const cpu = { cpu_ms: 0 };
    const [clock, room] = [new EntryClock(), roomWith(cpu)];
    clock.begin(room);
    pass(8);
    cpu.cpu_ms = 2;
    expect(clock.end(room)).to.equal(2);
  });

  it('never bills more than the time on the wall, whatever the CPU clock says', () => {
    const cpu = { cpu_ms: 0 };
    const [clock, room] = [new EntryClock(), roomWith(cpu)];
    clock.begin(room);
    pass(8);
    cpu.cpu_ms = 500;
    expect(clock.end(room)).to.be.within(8, 400);
  });

  it('does not bill an entry for work of our own between two of them', () => {
    const cpu = { cpu_ms: 0 };
    const [clock, room] = [new EntryClock(), roomWith(cpu)];
    clock.begin(room);
    clock.end(room);
    cpu.cpu_ms = 50;
    clock.forget();
    clock.begin(room);
    pass(8);
    cpu.cpu_ms = 51;
    expect(clock.end(room)).to.equal(1);
  });

  it('gives entries more time on the wall while the thread gets little of the CPU', () => {
    const cpu = { cpu_ms: 0 };
    const [clock, room] = [new EntryClock(), roomWith(cpu)];
    expect(clock.wallFor(100)).to.equal(100);
    clock.begin(room);
    pass(8);
    clock.end(room);
    expect(clock.wallFor(100)).to.be.greaterThan(150).and.at.most(500);
  });

  it('does not take a long entry for a slow one because the kernel counts in ticks', () => {
    const cpu = { cpu_ms: 0 };
    const [clock, room] = [new EntryClock(), roomWith(cpu)];
    const began = performance.now();
    clock.begin(room);
    pass(30);
    cpu.cpu_ms = performance.now() - began - 1;
    clock.end(room);
    expect(clock.wallFor(100)).to.equal(100);
  });
});
