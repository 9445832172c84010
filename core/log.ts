import pino from 'pino';
import { config } from './config.ts';

/** Keys whose values never reach a log, at any of the depths that we log. */
const secretKeys = [
  'authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'secret',
  'client_secret',
  'credential',
  'auth_config',
  'totp',
  'key',
];

/** The host's log: JSON lines, pretty on a terminal, secrets blanked. */
export const log = pino({
  level: config().log_level,
  base: undefined,
  serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
  redact: { paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]), censor: '••••' },
  ...(process.stdout.isTTY ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
});
