import { expect } from 'chai';
import { keyOf, recordIds } from '../../core/syncs/record-key.ts';

describe('Ids of records', () => {
  const of = (near_ids: boolean | undefined, stream = 'issues') => {
    const id = recordIds({ _id: 'int_1', ...(near_ids === undefined ? {} : { near_ids }) }, stream);
    return (key: string) => id(keyOf([key], null));
  };

  it('begin alike for keys that differ in their last characters only, and are all different', () => {
    const id = of(true);
    const page = Array.from({ length: 1000 }, (_, n) => id(`gid://shop/Product/${48_000 + n}`));
    expect(new Set(page).size).to.equal(1000);
    expect(new Set(page.map((one) => one.slice(0, 14))).size).to.equal(1);
    for (const one of page) expect(one).to.match(/^rec_[\w-]{27}$/);
    expect(id('gid://shop/Product/49000').slice(0, 14)).to.not.equal(page[0]?.slice(0, 14));
  });

  it('are the same whatever came before, and others in another stream', () => {
    const id = of(true);
    const [first, short] = [id('ABC-1234'), id('7')];
    id('something else');
    expect([id('ABC-1234'), id('7'), of(true)('7')]).to.deep.equal([first, short, short]);
    expect(of(true, 'pulls')('7')).to.not.equal(short);
  });

  it('stay what they were in integrations of earlier versions', () => {
    expect(of(undefined)('42')).to.equal('rec_I-XXSYBrXIosrQDToH2UdEkccm_');
  });
});
