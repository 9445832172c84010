import MiniSearch from 'minisearch';
import semver from 'semver';
import type { Text } from '../../sdk/contract/language.ts';
import type { Package } from '../models/package.ts';
import { words } from './words.ts';

export const sortings = ['rating', 'downloads', 'name', 'updated_at', 'relevance'] as const;
export type Sorting = (typeof sortings)[number];

export interface SearchQuery {
  search?: string;
  category?: string;
  auth_type?: string;
  permission?: string;
  publisher?: string;
  verified?: boolean;
  /** only what runs on this host (true), or only what does not (false) */
  compatible?: boolean;
  sort_by?: Sorting;
  page: number;
  size: number;
}

/** How many of the packages found have each value; each count leaves the filter of its own facet out. */
export interface Facets {
  category: Record<string, number>;
  auth_type: Record<string, number>;
  permission: Record<string, number>;
  publisher: Record<string, number>;
  verified: Record<string, number>;
  compatible: Record<string, number>;
}

/** A package as the index takes it in; the parts that it never shows may be left out of the read. */
export type IndexedPackage = Omit<Package, 'icon' | 'permissions_text'>;

/** What the index keeps of a package: enough to filter, sort and count; pages are read from the database. */
interface Row {
  name: string;
  title: string;
  category: string[];
  auth_type: string[];
  permission: string[];
  publisher: string[];
  verified: string[];
  compatible: string[];
  rating: number;
  downloads: number;
  updated_at: number;
}

const facetNames = ['category', 'auth_type', 'permission', 'publisher', 'verified', 'compatible'] as const;
type Facet = (typeof facetNames)[number];

interface Words {
  id: number;
  name: string;
  title: string;
  keywords: string;
  description: string;
}

/** The marketplace in memory: full text, facets and orders over every package that is open and not blocked. */
export class SearchIndex {
  readonly #hostVersion: string;
  readonly #rows = new Map<number, Row>();
  readonly #ids = new Map<string, number>();
  readonly #lists = new Map<string, string[]>();
  #next = 1;
  readonly #text = new MiniSearch<Words>({
    fields: ['name', 'title', 'keywords', 'description'],
    tokenize: words,
    processTerm: (term) => term,
    searchOptions: { boost: { name: 4, title: 4, keywords: 2 } },
  });

  /** @param hostVersion decides which packages are compatible */
  constructor(hostVersion: string) {
    this.#hostVersion = hostVersion;
  }

  get size(): number {
    return this.#rows.size;
  }

  /** Takes a package in, or its changes; withdrawn and blocked ones leave. */
  put(found: IndexedPackage): void {
    const known = this.#ids.get(found._id);
    if (found.latest === null || found.blocked) {
      if (known === undefined) return;
      this.#ids.delete(found._id);
      this.#rows.delete(known);
      this.#text.discard(known);
      return;
    }
    const id = known ?? this.#next;
    if (known === undefined) this.#next += 1;
    this.#ids.set(found._id, id);
    this.#rows.set(id, this.#row(found));
    const document = wordsOf(id, found);
    if (known === undefined) this.#text.add(document);
    else this.#text.replace(document);
  }

  /** The names of one page, how many were found, and the facets. */
  find(query: SearchQuery): { names: string[]; total: number; facets: Facets } {
    const scores = query.search?.trim() ? this.#match(query.search) : null;
    const wanted = wantedOf(query);
    const counts = Object.fromEntries(facetNames.map((facet) => [facet, new Map<string, number>()])) as Record<
      Facet,
      Map<string, number>
    >;
    const hits: [number, Row][] = [];
    for (const id of scores?.keys() ?? this.#rows.keys()) {
      const row = this.#rows.get(id);
      if (!row) continue;
      const missed = facetNames.filter((facet) => {
        const value = wanted[facet];
        return value !== undefined && !row[facet].includes(value);
      });
      if (missed.length === 0) hits.push([id, row]);
      for (const facet of missed.length === 0 ? facetNames : missed.length === 1 ? missed : []) {
        for (const value of row[facet]) counts[facet].set(value, (counts[facet].get(value) ?? 0) + 1);
      }
    }
    const order = orderOf(query.sort_by ?? (scores ? 'relevance' : 'downloads'), scores);
    hits.sort(order);
    const from = (query.page - 1) * query.size;
    return {
      names: hits.slice(from, from + query.size).map(([, row]) => row.name),
      total: hits.length,
      facets: Object.fromEntries(facetNames.map((facet) => [facet, most(counts[facet])])) as unknown as Facets,
    };
  }

  /** Every term must be found; each as a prefix, and from four letters on with a slip or two. */
  #match(text: string): Map<number, number> {
    const scores = new Map<number, number>();
    const found = this.#text.search(text.slice(0, 200), {
      combineWith: 'AND',
      prefix: true,
      fuzzy: (term) => (/\p{Script=Han}/u.test(term) || term.length < 4 ? false : term.length < 7 ? 1 : 2),
      weights: { fuzzy: 0.3, prefix: 0.6 },
      boostDocument: (id) => 1 + Math.log10(1 + (this.#rows.get(id as number)?.downloads ?? 0)) / 10,
    });
    for (const { id, score } of found) scores.set(id as number, score);
    return scores;
  }

  /** One list for all packages that have the same values: most do, and there are many. */
  #shared(values: string[]): string[] {
    const key = values.join('\n');
    const known = this.#lists.get(key);
    if (known) return known;
    this.#lists.set(key, values);
    return values;
  }

  #row(found: IndexedPackage): Row {
    return {
      name: found._id,
      title: textIn(found.display_name).toLowerCase(),
      category: this.#shared(found.categories),
      auth_type: this.#shared(found.auth_types),
      permission: this.#shared(found.permissions),
      publisher: this.#shared([found.publisher]),
      verified: this.#shared([String(found.is_verified)]),
      compatible: this.#shared([
        String(semver.satisfies(this.#hostVersion, found.engines, { includePrerelease: true })),
      ]),
      rating: found.rating,
      downloads: found.download_count,
      updated_at: found.published_at?.getTime() ?? 0,
    };
  }
}

function wordsOf(id: number, found: IndexedPackage): Words {
  return {
    id,
    name: found._id,
    title: allLanguages(found.display_name),
    keywords: [...found.keywords, ...found.categories].join(' '),
    description: allLanguages(found.description).slice(0, 2000),
  };
}

function wantedOf(query: SearchQuery): Partial<Record<Facet, string>> {
  const wanted: Partial<Record<Facet, string>> = {};
  for (const facet of facetNames) {
    const value = query[facet];
    if (value !== undefined) wanted[facet] = String(value);
  }
  return wanted;
}

function orderOf(sorting: Sorting, scores: Map<number, number> | null): (a: [number, Row], b: [number, Row]) => number {
  const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1);
  switch (sorting) {
    case 'name':
      return ([, a], [, b]) => a.title.localeCompare(b.title) || byName(a, b);
    case 'relevance':
      return ([x, a], [y, b]) => (scores?.get(y) ?? 0) - (scores?.get(x) ?? 0) || byName(a, b);
    default:
      return ([, a], [, b]) => b[sorting] - a[sorting] || byName(a, b);
  }
}

/** The fifty most frequent values. */
function most(counts: Map<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, 50));
}

function allLanguages(text: Text): string {
  return typeof text === 'string' ? text : Object.values(text).join(' ');
}

function textIn(text: Text): string {
  return typeof text === 'string' ? text : text.en;
}
