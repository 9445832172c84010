// Preloaded into a delivering process (`--import`): the name rebind.test leads elsewhere each time it is looked up, as
// REBIND says (addresses by comma, looks by semicolon); the last one stays.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP } from 'node:net';

const looks = (process.env.REBIND ?? '').split(';');
const real = dns.lookup as (host: string, options: object, done: (...answer: unknown[]) => void) => void;

dns.lookup = ((host: string, options: object, done: (...answer: unknown[]) => void) => {
  if (host !== 'rebind.test') return real(host, options, done);
  const addresses = (looks.length > 1 ? looks.shift() : looks[0])?.split(',') ?? [];
  return done(
    null,
    addresses.map((address) => ({ address, family: isIP(address) })),
  );
}) as typeof dns.lookup;
syncBuiltinESMExports();
