import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { VaultError } from '../../core/vault/errors.ts';
import { createVault } from '../../core/vault/vault.ts';

const place = { workspace_id: 'wsp_a', record: 'int_1', field: 'credential' };
const key = () => randomBytes(32);

function reasonOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof VaultError) return error.reason;
    throw error;
  }
  return 'opened';
}

describe('a sealed text', () => {
  it('opens in its own place, whatever it says', () => {
    const vault = createVault([key()]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const whole = text.toWellFormed();
        expect(vault.unseal(vault.seal(whole, place), place)).to.equal(whole);
      }),
    );
  });

  it('does not open in another workspace, record or field', () => {
    const vault = createVault([key()]);
    const sealed = vault.seal('secret', place);
    for (const moved of [
      { workspace_id: 'wsp_b' },
      { record: 'int_2' },
      { field: 'token' },
      { record: 'int_1","credential' },
    ]) {
      expect(reasonOf(() => vault.unseal(sealed, { ...place, ...moved }))).to.equal('does_not_open');
    }
  });

  it('does not open when any one character was changed', () => {
    const vault = createVault([key()]);
    const sealed = vault.seal('secret', place);
    for (let at = 5; at < sealed.length; at += 1) {
      if (sealed[at] === '.') continue;
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const altered = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last character of a part holds bits that decode to nothing; the bytes are then the same.
      const same = Buffer.from(altered.split('.').at(-1) ?? '', 'base64url').equals(
        Buffer.from(sealed.split('.').at(-1) ?? '', 'base64url'),
      );
      if (same && altered.split('.')[2] === sealed.split('.')[2] && altered.split('.')[1] === sealed.split('.')[1])
        continue;
      expect(
        reasonOf(() => vault.unseal(altered, place)),
        `character ${at}`,
      ).to.be.oneOf(['does_not_open', 'unknown_key', 'malformed']);
    }
  });

  it('does not open with a tag cut short', () => {
    const vault = createVault([key()]);
    const [format, id, wrapped, secret] = vault.seal('a secret that is long enough', place).split('.');
    const cut = Buffer.from(secret ?? '', 'base64url')
      .subarray(0, -12)
      .toString('base64url');
    expect(reasonOf(() => vault.unseal([format, id, wrapped, cut].join('.'), place))).to.equal('does_not_open');
  });

  it('never looks the same twice', () => {
    const vault = createVault([key()]);
    expect(new Set(Array.from({ length: 50 }, () => vault.seal('same', place))).size).to.equal(50);
  });

  it('is refused with the id of the missing key when its key is not in the list', () => {
    const old = createVault([key()]);
    const vault = createVault([key()]);
    expect(() => vault.unseal(old.seal('secret', place), place)).to.throw(VaultError, old.key_ids[0]);
  });
});

describe('rotation of the master key', () => {
  it('wraps again without changing the secret, and the old key can go', () => {
    const [before, after] = [key(), key()];
    const sealed = createVault([before]).seal('secret', place);
    const both = createVault([after, before]);
    const rewrapped = both.rewrap(sealed);
    expect(rewrapped).to.be.a('string');
    expect(createVault([after]).unseal(rewrapped ?? '', place)).to.equal('secret');
    expect(both.rewrap(rewrapped ?? '')).to.equal(null);
  });

  it('keeps the text bound to its place', () => {
    const [before, after] = [key(), key()];
    const both = createVault([after, before]);
    const rewrapped = both.rewrap(createVault([before]).seal('secret', place)) ?? '';
    expect(reasonOf(() => both.unseal(rewrapped, { ...place, workspace_id: 'wsp_b' }))).to.equal('does_not_open');
  });

  it('finds a key that was added while the process runs', () => {
    const [before, after] = [key(), key()];
    const running = createVault([before], () => [after, before]);
    const sealed = createVault([after, before]).seal('secret', place);
    expect(running.unseal(sealed, place)).to.equal('secret');
    expect(running.seal('next', place).split('.')[1]).to.equal(createVault([after]).key_ids[0]);
  });
});
