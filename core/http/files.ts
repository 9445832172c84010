import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Middleware } from 'koa';

interface File {
  bytes: Buffer;
  /** made when it is first asked for: a start need not wait for what nobody may want */
  gzip: Buffer | null;
  /** its name holds a hash of its content, so it never changes */
  lasting: boolean;
}

/**
 * Serves a built web application from a folder. Everything is read once, so no path of a request ever reaches the
 * disk. A page address that is no file gets `index.html`, whose `__CSP_NONCE__` is replaced by this answer's nonce.
 */
export function files(folder: string): Middleware {
  const known = new Map<string, File>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    const name = `/${relative(folder, path).split(sep).join('/')}`;
    known.set(name, { bytes, gzip: null, lasting: /-[\w-]{8,}\.\w+$/.test(name) });
  }
  const index = known.get('/index.html')?.bytes.toString('utf8');
  if (index === undefined)
    throw new Error(`${folder} holds no index.html: run npm run prepare, which builds the console`);
  known.delete('/index.html');

  return async function serveFile(ctx, next) {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    if (ctx.path === '/api' || ctx.path.startsWith('/api/') || ctx.path.startsWith('/docs')) return next();
    const file = known.get(ctx.path);
    if (file) {
      ctx.type = extname(ctx.path);
      if (file.lasting) ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.vary('Accept-Encoding');
      if (ctx.acceptsEncodings('gzip', 'identity') === 'gzip') {
        ctx.set('Content-Encoding', 'gzip');
        file.gzip ??= gzipSync(file.bytes);
        ctx.body = file.gzip;
      } else {
        ctx.body = file.bytes;
      }
      return undefined;
    }
    if (extname(ctx.path) !== '' || !ctx.accepts('html')) return next();
    ctx.type = 'html';
    ctx.body = index.replaceAll('__CSP_NONCE__', ctx.state.nonce as string);
    return undefined;
  };
}
