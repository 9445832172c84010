import { Failure } from '../../sdk/contract/failure.ts';
import { nearest } from '../../sdk/contract/nearest.ts';
import { quote } from '../../sdk/contract/quote.ts';
import { Installation } from '../installations/model.ts';
import type { IntegrationDoc } from '../integrations/model.ts';
import type { Counts } from './model.ts';
import { storeBatch } from './store-batch.ts';

/**
 * Stores records that a person or a device brings, for a stream declared `push`. Each goes through the same checks as
 * a pulled one; bringing the same again changes nothing.
 *
 * @throws Failure `not_found` for a stream that takes no push, `validation_failed` when every record is bad
 */
export async function pushRecords(
  integration: IntegrationDoc,
  name: string,
  records: unknown[],
): Promise<{ counts: Counts; errors: { pointer: string; message: string }[] }> {
  const installation = await Installation.findOne({
    _id: integration.installation_id,
    workspace_id: integration.workspace_id,
  }).lean();
  const streams = installation?.manifest.streams ?? {};
  const stream = Object.hasOwn(streams, name) ? streams[name] : undefined;
  if (stream?.source !== 'push') {
    const pushed = Object.entries(streams).flatMap(([one, { source }]) => (source === 'push' ? [one] : []));
    const near = nearest(name, pushed);
    throw new Failure('not_found', {
      message: `${quote(name)} is no stream that data can be pushed to${near ? `; did you mean ${near}?` : `; this plugin has ${pushed.join(', ') || 'none'}`}`,
      content: { nearest: near ?? null },
    });
  }
  const { counts, errors } = await storeBatch(integration, name, {
    batch: { upserts: records },
    parent: null,
    stream,
  });
  const told = errors.map(({ index, pointer, message }) => ({ pointer: `/records/${index}${pointer ?? ''}`, message }));
  if (records.length > 0 && errors.length === records.length)
    throw new Failure('validation_failed', {
      content: { errors: told.slice(0, 20).map((error) => ({ ...error, keyword: 'record', params: {} })) },
    });
  return { counts, errors: told };
}
