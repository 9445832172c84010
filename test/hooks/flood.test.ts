import { expect } from 'chai';
import { takesOneMore } from '../../core/hooks/flood.ts';

describe('A flood on a hook', () => {
  const taken = (hook: string, count: number, now: number) =>
    Array.from({ length: count }, () => takesOneMore(hook, now)).filter(Boolean).length;

  it('is taken up to 500 at once, then 100 a second', () => {
    expect(taken('a', 1000, 0)).to.equal(500);
    expect(taken('a', 1000, 1000)).to.equal(100);
    expect(taken('a', 1000, 1010)).to.equal(1);
    expect(taken('a', 1000, 3_600_000)).to.equal(500);
  });

  it('from one sender leaves what others may send', () => {
    expect(taken('hook 192.0.2.1', 1000, 0)).to.equal(500);
    expect(taken('hook 192.0.2.2', 1, 0)).to.equal(1);
  });
});
