import { Readable } from 'node:stream';
import { trusted } from '../../database/mongoose.ts';
import { listOf, pageFields } from '../../http/paging.ts';
import { Live, route } from '../../http/route.ts';
import { time } from '../../http/schemas.ts';
import { findInstallation } from '../../installations/find-installation.ts';
import { watchLines } from '../live-logs.ts';
import { logLevels } from '../log-levels.ts';
import { Invocation } from '../model.ts';
import { presentLines } from '../present.ts';
import { logLineSchema } from '../schemas.ts';

/** Lines of older calls are read one call at a time. */
const mostCalls = 5_000;
const beatMs = 15_000;
/** A reader that does not keep up is let go once so many bytes wait for it. */
const mostWaiting = 1_000_000;

const logs = route({
  method: 'GET',
  path: '/plugins/{id}/logs',
  summary: 'What a plugin logged, the latest call first; as it comes with `Accept: text/event-stream`',
  who: 'plugins:read',
  query: { level: { enum: logLevels, description: 'this level and above' }, since: time, ...pageFields },
  produces: ['text/event-stream'],
  answer: listOf('logs', logLineSchema),
  handle: async ({ caller, params, query, headers, signal }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const least = logLevels.indexOf(query.level ?? 'debug');
    if (headers.accept?.includes('text/event-stream')) return live(installation._id, caller.project_id, least, signal);
    const own = {
      workspace_id: caller.workspace_id,
      installation_id: installation._id,
      ...(caller.project_id && { project_id: caller.project_id }),
    };
    const filter = { ...own, ...(query.since && { started_at: trusted({ $gte: new Date(query.since) }) }) };
    const heads = await Invocation.find(filter, { log_counts: 1 }).sort({ started_at: -1 }).limit(mostCalls).lean();
    const { ids, skipped, total } = callsOfPage(heads, least, (query.page - 1) * query.size, query.size);
    const calls = await Invocation.find({ ...own, _id: trusted({ $in: ids }) }, { handler: 1, logs_text: 1 })
      .sort({ started_at: -1 })
      .lean();
    const lines = calls
      .flatMap((call) => presentLines(call).reverse())
      .filter(({ level }) => logLevels.indexOf(level) >= least);
    return { logs: lines.slice(skipped, skipped + query.size), total, page: query.page, size: query.size };
  },
});

/** The calls whose lines make a page, and how many lines of the first of them belong to the page before. */
function callsOfPage(heads: { _id: string; log_counts: number[] }[], least: number, from: number, size: number) {
  const ids: string[] = [];
  let skipped = 0;
  let total = 0;
  for (const { _id, log_counts } of heads) {
    const lines = log_counts.slice(least).reduce((sum, count) => sum + count, 0);
    if (lines > 0 && total + lines > from && total < from + size) {
      if (ids.length === 0) skipped = from - total;
      ids.push(_id);
    }
    total += lines;
  }
  return { ids, skipped: Math.max(0, skipped), total };
}

/** Lines as server-sent events, from those of this node's calls; a comment every few seconds keeps proxies from closing it. */
function live(installation_id: string, project_id: string | null, least: number, signal: AbortSignal): Live {
  const stream = new Readable({ read() {} });
  const end = watchLines(installation_id, ({ line, invocation_id, handler, ...from }) => {
    if (logLevels.indexOf(line.level) < least || (project_id && from.project_id !== project_id)) return;
    if (stream.readableLength > mostWaiting) stream.destroy();
    else stream.push(`event: log\ndata: ${JSON.stringify({ ...line, invocation_id, handler })}\n\n`);
  });
  const beat = setInterval(() => stream.push(': still here\n\n'), beatMs);
  const stop = () => {
    clearInterval(beat);
    end();
  };
  stream.once('close', stop);
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  stream.push(': listening\n\n');
  return new Live(stream);
}

export const logRoutes = [logs];
