/** The query fields of every list (`API.md`): a bad value is F40022, never clamped. */
export const pageFields = {
  page: { type: 'integer', minimum: 1, maximum: 1_000_000, default: 1, description: 'from 1' },
  size: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'entries a page' },
} as const;

/** `skip` and `limit` of a database query for a page. */
export function pageWindow({ page, size }: { page: number; size: number }): { skip: number; limit: number } {
  return { skip: (page - 1) * size, limit: size };
}

/** Schema of a list answer: `{ <plural>: [item…], total, page, size }`. */
export function listOf<const Plural extends string, const Item extends object>(plural: Plural, item: Item) {
  return {
    type: 'object',
    additionalProperties: false,
    required: [plural, 'total', 'page', 'size'],
    properties: {
      [plural]: { type: 'array', items: item },
      total: { type: 'integer' },
      page: { type: 'integer' },
      size: { type: 'integer' },
    } as { readonly [K in Plural]: { readonly type: 'array'; readonly items: Item } } & {
      readonly total: { readonly type: 'integer' };
      readonly page: { readonly type: 'integer' };
      readonly size: { readonly type: 'integer' };
    },
  } as const;
}
