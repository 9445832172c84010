import { type Raw, type Route, route } from '../http/route.ts';
import { receiveForApp, receiveForIntegration } from './receive.ts';

/** The methods that vendors use: notifications, and the handshakes that come as GET (and HEAD, which GET routes take). */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const shared = {
  who: 'public' as const,
  kind: 'service' as const,
  produces: ['text/plain', 'application/octet-stream'] as string[],
  bytes: ['*/*'] as string[],
  max_bytes: 26_214_400,
};

interface Came {
  method: string;
  raw_url: string;
  headers: Record<string, string | undefined>;
  bytes: Buffer;
}
const incoming = ({ method, raw_url, headers, bytes }: Came) => ({ method, raw_url, headers, bytes });

const forIntegration = methods.flatMap((method) => [
  route({
    ...shared,
    method,
    path: '/hooks/{integration_id}/{trigger}',
    summary: 'A vendor’s webhook for one integration, proved by its signature',
    handle: async (request): Promise<Raw> => {
      const { integration_id, trigger } = request.params;
      return receiveForIntegration({ integration_id, trigger, key: null }, incoming(request));
    },
  }),
  route({
    ...shared,
    method,
    path: '/hooks/{integration_id}/{trigger}/{key}',
    summary: 'A vendor’s webhook for one integration, with the key of its address',
    handle: async (request): Promise<Raw> => {
      const { integration_id, trigger, key } = request.params;
      return receiveForIntegration({ integration_id, trigger, key }, incoming(request));
    },
  }),
]);

const forApp = methods.map((method) =>
  route({
    ...shared,
    method,
    path: '/hooks/apps/{service}/{trigger}',
    summary: 'A vendor’s webhook for everybody who uses one app of ours',
    handle: async (request): Promise<Raw> => {
      const { service, trigger } = request.params;
      return receiveForApp({ service, trigger }, incoming(request));
    },
  }),
);

export const hookRoutes: Route[] = [...forIntegration, ...forApp];
