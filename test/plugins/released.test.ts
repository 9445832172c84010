import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { pack, unpack } from '../../sdk/package/index.ts';

const folder = join(import.meta.dirname, '../../plugins');

describe('A first-party plugin', () => {
  for (const name of readdirSync(folder)) {
    it(`${name} passes the review that every publisher's package must pass, with nothing to remark`, async () => {
      const packed = await pack(join(folder, name));
      const { manifest, files } = await unpack(packed.bytes);
      const remarks = checkPackage({ manifest, files, handlers: packed.handlers }).filter(
        ({ severity }) => severity !== 'info',
      );
      expect(remarks).to.deep.equal([]);
      expect([...files.keys()]).to.include.members(['README.md', 'CHANGELOG.md', 'LICENSE', 'icon.svg', 'plugin.js']);
    });

    it(`${name} is packed to the same bytes each time`, async () => {
      const [one, other] = [await pack(join(folder, name)), await pack(join(folder, name))];
      expect(one.bytes.equals(other.bytes)).to.equal(true);
    });
  }
});
