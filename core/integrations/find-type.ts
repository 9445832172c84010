import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { manifestOf } from '../credentials/declared.ts';
import { type Installation, Installation as Installations } from '../installations/model.ts';

/** What a client may say of the type that it means. */
export interface WantedType {
  /** the type (`github`), `publisher/type`, a package name, or a category (`CRM`) */
  integration_type?: string | undefined;
  /** what older clients name beside a category: the type */
  provider?: string | undefined;
}

/**
 * The installed plugin that makes integrations of a type. A type is unique within a workspace; where two plugins have
 * the same, `publisher/type` tells them apart. Older clients name a category and a provider: both readings are taken
 * when exactly one plugin fits.
 *
 * @throws Failure `plugin_not_found` naming the nearest, `validation_failed` when several fit
 */
export async function findType(workspace_id: string, wanted: WantedType): Promise<Installation> {
  const all = (await Installations.find({ workspace_id }).lean()).filter(({ manifest }) => manifest.integration);
  const words = [wanted.integration_type, wanted.provider].filter((one): one is string => Boolean(one));
  if (words.length === 0)
    throw new Failure('validation_failed', {
      content: {
        errors: [{ pointer: '/integration_type', message: 'is required', keyword: 'required', params: {} }],
      },
    });
  const byName = all.filter((one) => words.some((word) => names(one).includes(fold(word))));
  const byCategory = all.filter((one) => words.some((word) => categories(one).includes(fold(word))));
  const found = byName.length > 0 ? byName : byCategory;
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) {
    const matches = found.map((one) => `${one.publisher.replace(/^@/, '')}/${one.manifest.integration?.type}`);
    throw new Failure('validation_failed', {
      message: `Several installed plugins fit ${words.map((word) => quote(word)).join(' and ')}: ${matches.join(', ')}.`,
      content: {
        matches,
        errors: [
          {
            pointer: '/integration_type',
            message: `must name one of ${matches.join(', ')}`,
            keyword: 'unique',
            params: {},
          },
        ],
      },
    });
  }
  const types = all.map(({ manifest }) => manifest.integration?.type ?? '');
  const near = nearest(words[0] ?? '', types);
  throw new Failure('plugin_not_found', {
    message: `No installed plugin makes integrations of the type ${quote(words.join(' / '))}${near ? `; did you mean ${near}?` : '; GET /integrations/types lists them'}`,
    content: { nearest: near ?? null },
  });
}

const fold = (word: string): string => word.toLowerCase().replaceAll(/[\s-]+/g, '_');

function names(installation: Installation): string[] {
  const type = installation.manifest.integration?.type ?? '';
  const publisher = installation.publisher.replace(/^@/, '');
  return [type, `${publisher}/${type}`, `@${publisher}/${type}`, installation.name, installation._id].map(fold);
}

function categories(installation: Installation): string[] {
  const { category = '', service_type = '' } = manifestOf(installation).integration ?? {};
  return [category, service_type].map(fold);
}
