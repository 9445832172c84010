import { Readable } from 'node:stream';
import { trusted } from '../../database/mongoose.ts';
import { listOf, pageFields } from '../../http/paging.ts';
import { Raw, route } from '../../http/route.ts';
import { time } from '../../http/schemas.ts';
import { findInstallation } from '../../installations/find-installation.ts';
import { watchLines } from '../live-logs.ts';
import { Invocation } from '../model.ts';
import { presentLines } from '../present.ts';
import { logLineSchema } from '../schemas.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
const beatMs = 15_000;
/** A reader that does not keep up is let go once so many bytes wait for it. */
const mostWaiting = 1_000_000;

const logs = route({
  method: 'GET',
  path: '/plugins/{id}/logs',
  summary: 'What a plugin logged, the latest first; as it comes with `Accept: text/event-stream`',
  who: 'plugins:read',
  query: { level: { enum: levels, description: 'this level and above' }, since: time, ...pageFields },
  produces: ['text/event-stream'],
  answer: listOf('logs', logLineSchema),
  handle: async ({ caller, params, query, headers, signal }) => {
    const installation = await findInstallation(caller.workspace_id, params.id);
    const least = levels.indexOf(query.level ?? 'debug');
    if (headers.accept?.includes('text/event-stream')) return live(installation._id, caller.project_id, least, signal);
    const calls = await Invocation.find(
      {
        workspace_id: caller.workspace_id,
        installation_id: installation._id,
        ...(caller.project_id && { project_id: caller.project_id }),
        'logs.0': trusted({ $exists: true }),
        ...(query.since && { started_at: trusted({ $gte: new Date(query.since) }) }),
      },
      { handler: 1, logs: 1 },
    )
      .sort({ started_at: -1 })
      .limit(2_000)
      .lean();
    const lines = calls
      .flatMap(presentLines)
      .filter(({ level }) => levels.indexOf(level) >= least)
      .sort((a, b) => (a.at < b.at ? 1 : -1));
    const from = (query.page - 1) * query.size;
    return { logs: lines.slice(from, from + query.size), total: lines.length, page: query.page, size: query.size };
  },
});

/** Lines as server-sent events, from those of this node's calls; a comment every few seconds keeps proxies from closing it. */
function live(installation_id: string, project_id: string | null, least: number, signal: AbortSignal): Raw {
  const stream = new Readable({ read() {} });
  const end = watchLines(installation_id, ({ line, invocation_id, handler, ...from }) => {
    if (levels.indexOf(line.level) < least || (project_id && from.project_id !== project_id)) return;
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
  return new Raw(stream, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
}

export const logRoutes = [logs];
