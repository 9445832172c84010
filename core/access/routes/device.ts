import { Failure } from '../../../sdk/contract/failure.ts';
import { config } from '../../config.ts';
import { type Route, route } from '../../http/route.ts';
import { time } from '../../http/schemas.ts';
import { originOf, signedIn } from '../answer-sign-in.ts';
import { beginDeviceLogin, decideDeviceLogin, interval_s, pollDeviceLogin } from '../device-login.ts';
import { User } from '../model.ts';
import { signedInSchema } from '../schemas.ts';
import { beginTokens } from '../sessions.ts';

export const deviceRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/auth/device',
    summary: 'Begin to sign in from a program without a browser (RFC 8628)',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      properties: { client_name: { type: 'string', minLength: 1, maxLength: 60, default: 'patchbay' } },
    },
    body_optional: true,
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['device_code', 'user_code', 'verification_uri', 'verification_uri_complete', 'expires_in', 'interval'],
      properties: {
        device_code: { type: 'string', description: 'for the program: POST /auth/device/token' },
        user_code: { type: 'string', description: 'for the person to type' },
        verification_uri: { type: 'string' },
        verification_uri_complete: { type: 'string' },
        expires_in: { type: 'integer', description: 'seconds' },
        interval: { type: 'integer', description: 'seconds between two questions' },
      },
    },
    handle: async ({ body, address }) => {
      const codes = await beginDeviceLogin(body.client_name ?? 'patchbay', address);
      const verification_uri = `${config().url}/device`;
      return { ...codes, verification_uri, verification_uri_complete: `${verification_uri}#code=${codes.user_code}` };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/device/token',
    summary: 'Has the person decided?',
    who: 'public',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['device_code'],
      properties: { device_code: { type: 'string', pattern: '^[A-Za-z0-9]{43}$' } },
    },
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['status'],
      properties: {
        status: { enum: ['pending', 'denied', 'approved'] },
        interval: { type: 'integer', description: 'while pending: ask again after so many seconds' },
        signed_in: signedInSchema,
      },
    },
    handle: async (request) => {
      const polled = await pollDeviceLogin(request.body.device_code);
      if (polled.status === 'pending') return { status: polled.status, interval: interval_s };
      if (polled.status === 'denied') return { status: polled.status };
      const tokens = await beginTokens(polled.user._id, 'device', originOf(request));
      return { status: 'approved' as const, signed_in: await signedIn(polled.user, tokens) };
    },
  }),
  route({
    method: 'POST',
    path: '/auth/device/approval',
    summary: 'Let a program in that shows this code',
    description: 'Without `approve`: what waits there.',
    who: 'self',
    kind: 'auth',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['user_code'],
      properties: {
        user_code: { type: 'string', pattern: '^[A-Za-z]{4}-?[A-Za-z]{4}$' },
        approve: { type: 'boolean' },
      },
    },
    answer: {
      type: 'object',
      additionalProperties: false,
      required: ['client_name', 'address', 'status', 'expires_at'],
      properties: {
        client_name: { type: 'string' },
        address: { type: 'string', description: 'where the program asked from' },
        status: { enum: ['pending', 'approved', 'denied'] },
        expires_at: time,
      },
    },
    handle: async (request) => {
      const user = await User.findById(request.caller.id).lean();
      if (!user) throw new Failure('not_found', { message: 'This account is gone.' });
      const { user_code, approve } = request.body;
      const found = await decideDeviceLogin(user_code, approve, user, originOf(request));
      return {
        client_name: found.client_name,
        address: found.address,
        status: found.state === 'used' ? ('approved' as const) : found.state,
        expires_at: found.expires_at.toISOString(),
      };
    },
  }),
];
