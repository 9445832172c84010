import { expect } from 'chai';
import type { Package } from '../../marketplace/models/package.ts';
import { SearchIndex } from '../../marketplace/search/search-index.ts';
import { words } from '../../marketplace/search/words.ts';

function listing(name: string, more: Partial<Package> = {}): Package {
  return {
    _id: name,
    publisher: name.split('/')[0] ?? '',
    latest: '1.0.0',
    display_name: name,
    alike: [],
    description: '',
    categories: [],
    keywords: [],
    auth_types: [],
    permissions: [],
    permissions_text: '[]',
    integration_type: null,
    engines: '>=1.0.0',
    is_verified: false,
    is_signed: true,
    is_deprecated: false,
    is_first_party: false,
    icon: null,
    published_at: new Date(0),
    download_count: 0,
    review_count: 0,
    rating_sum: 0,
    rating: 0,
    blocked: null,
    origin: null,
    created_at: new Date(0),
    changed_at: new Date(0),
    ...more,
  };
}

describe('the marketplace’s search', () => {
  const index = new SearchIndex('1.5.0');
  const find = (search: string, more: object = {}) => index.find({ search, page: 1, size: 20, ...more });

  before(() => {
    index.put(
      listing('@patchbay/github', {
        display_name: 'GitHub',
        keywords: ['repository'],
        categories: ['code'],
        download_count: 9,
      }),
    );
    index.put(
      listing('@acme/tickets', { display_name: { en: 'Tickets', 'zh-Hans': '工单系统' }, categories: ['support'] }),
    );
    index.put(listing('@acme/reports', { display_name: 'Réports', description: 'Weekly reports', engines: '>=2.0.0' }));
    index.put(listing('@acme/mail', { display_name: 'Mail', auth_types: ['oauth2'], is_verified: true, rating: 4.5 }));
  });

  it('finds a word with a slip in it', () => {
    expect(find('githb').names).to.deep.equal(['@patchbay/github']);
  });

  it('finds by the beginning of a word, with or without an asterisk', () => {
    expect(find('repo*').names).to.include('@patchbay/github');
    expect(find('repo').names).to.include.members(['@patchbay/github', '@acme/reports']);
  });

  it('finds simplified and traditional Chinese by each other', () => {
    expect(find('工单').names).to.deep.equal(['@acme/tickets']);
    expect(find('工單').names).to.deep.equal(['@acme/tickets']);
    expect(words('代碼質量檢查')).to.deep.equal(words('代码质量检查'));
  });

  it('finds a word whatever its accents', () => {
    expect(find('reports').names).to.include('@acme/reports');
  });

  it('filters, and counts what each other value of the same filter would find', () => {
    const { names, total, facets } = index.find({ category: 'code', page: 1, size: 20 });
    expect(names).to.deep.equal(['@patchbay/github']);
    expect(total).to.equal(1);
    expect(facets.category).to.deep.equal({ code: 1, support: 1 });
    expect(facets.publisher).to.deep.equal({ '@patchbay': 1 });
    expect(index.find({ compatible: false, page: 1, size: 20 }).names).to.deep.equal(['@acme/reports']);
    expect(index.find({ verified: true, auth_type: 'oauth2', page: 1, size: 20 }).names).to.deep.equal(['@acme/mail']);
  });

  it('sorts by downloads and rating descending, by name ascending', () => {
    expect(index.find({ sort_by: 'downloads', page: 1, size: 1 }).names).to.deep.equal(['@patchbay/github']);
    expect(index.find({ sort_by: 'rating', page: 1, size: 1 }).names).to.deep.equal(['@acme/mail']);
    expect(index.find({ sort_by: 'name', page: 1, size: 2 }).names).to.deep.equal(['@patchbay/github', '@acme/mail']);
  });

  it('forgets a package that was withdrawn or blocked, and takes changes in', () => {
    index.put(listing('@acme/gone', { display_name: 'Vanishing' }));
    expect(find('vanishing').total).to.equal(1);
    index.put(listing('@acme/gone', { display_name: 'Vanishing', latest: null }));
    expect(find('vanishing').total).to.equal(0);
    index.put(listing('@acme/mail', { display_name: 'Post', is_verified: true }));
    expect(find('post').names).to.deep.equal(['@acme/mail']);
  });
});
