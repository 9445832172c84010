import { performance } from 'node:perf_hooks';
import type { Trigger } from '../../sdk/contract/manifest/triggers.ts';
import type { Values } from '../credentials/template-values.ts';
import { Raw } from '../http/route.ts';
import { type Installation, Installation as Installations } from '../installations/model.ts';
import { Integration, type IntegrationDoc } from '../integrations/model.ts';
import { log } from '../log.ts';
import { takesOneMore } from './flood.ts';
import { findHandshake, respondWith } from './handshake.ts';
import { ensureHook, hookUrl, openHook } from './hook-address.ts';
import { type Incoming, openIncoming, parseBody } from './incoming.ts';
import { keepRequest } from './keep-request.ts';
import { knownValues, versionsOf } from './known-secrets.ts';
import { countHook } from './metrics.ts';
import { Hook } from './model.ts';
import { routed } from './route-request.ts';
import { holds, type Proved, same, verify } from './verify.ts';

const plain = (status: number, text: string): Raw =>
  new Raw(
    text,
    {
      'Content-Type': 'text/plain; charset=utf-8',
      ...(status === 503 || status === 429 ? { 'Retry-After': '5' } : {}),
    },
    status,
  );

const kinds: Record<string, RegExp> = {
  json: /^application\/([\w.-]+\+)?json$/,
  form: /^application\/x-www-form-urlencoded$/,
  xml: /^(application|text)\/([\w.-]+\+)?xml$/,
  text: /^text\/plain$/,
  file: /^(multipart\/form-data|application\/octet-stream)$/,
};

/**
 * Takes a vendor's request for one integration: caps a flood before any read, verifies the raw bytes, answers
 * handshakes, drops what came already, stores the request and its job in one transaction, and answers. The plugin runs
 * afterwards. What is not proved is refused with 401, what is unknown with 404; nothing says more.
 */
export async function receiveForIntegration(
  address: { integration_id: string; trigger: string; key: string | null },
  incoming: Incoming,
  sender: string,
): Promise<Raw> {
  if (!takesOneMore(`${address.integration_id} ${address.trigger} ${sender}`, performance.now()))
    return refused(429, 'flood');
  const integration = await Integration.findOne({ _id: address.integration_id }).lean();
  const installation = integration && (await Installations.findOne({ _id: integration.installation_id }).lean());
  const trigger = installation?.manifest.triggers?.[address.trigger];
  if (!integration || !installation || trigger?.address !== 'integration') return refused(404, 'unknown');
  const hooks = await hooksOf(integration, address.trigger);
  const { key } = address;
  const hook = key === null ? hooks[0] : hooks.find((one) => same(one.key, key));
  if (!hook) return refused(404, 'unknown');
  return take({
    installation,
    trigger,
    name: address.trigger,
    incoming,
    hook,
    given_key: address.key,
    integrations: [integration],
  });
}

/** Takes a request at a vendor's one address for a whole app: the app's secret proves it, `route` says whose it is. */
export async function receiveForApp(
  address: { service: string; trigger: string },
  incoming: Incoming,
  sender: string,
): Promise<Raw> {
  if (!takesOneMore(`app ${address.service} ${address.trigger} ${sender}`, performance.now()))
    return refused(429, 'flood');
  const installed = await Installations.find({ integration_type: address.service, is_enabled: true }).lean();
  const fitting = installed.filter(({ manifest }) => manifest.triggers?.[address.trigger]?.address === 'app');
  if (fitting.length === 0) return refused(404, 'unknown');
  let last = refused(401, 'unproved');
  let taken: Raw | null = null;
  for (const installation of fitting) {
    const trigger = installation.manifest.triggers?.[address.trigger] as Trigger;
    const answer = await take({
      installation,
      trigger,
      name: address.trigger,
      incoming,
      hook: null,
      given_key: null,
      integrations: null,
    });
    if (answer.status < 400) taken ??= answer;
    else if (answer.status !== 401) last = answer;
  }
  return taken ?? last;
}

export interface OpenedHook {
  id: string;
  key: string;
  secrets: string[];
  choice: string | null;
  url: string;
}

async function hooksOf(integration: IntegrationDoc, trigger: string): Promise<OpenedHook[]> {
  const stored = await Hook.find({ integration_id: integration._id, trigger }).lean();
  const rows = stored.length > 0 ? stored : [await ensureHook(integration, trigger, null)];
  return rows.map((row) => {
    const opened = openHook(row, Date.now());
    return { id: row._id, ...opened, choice: row.choice, url: hookUrl(row, opened.key) };
  });
}

export interface Taking {
  installation: Installation;
  trigger: Trigger;
  name: string;
  incoming: Incoming;
  hook: OpenedHook | null;
  given_key: string | null;
  /** `null`: found by the trigger's `route` */
  integrations: IntegrationDoc[] | null;
}

async function take(taking: Taking): Promise<Raw> {
  const { installation, trigger, incoming, hook } = taking;
  if (!installation.is_enabled || installation.status !== 'ok') return refused(503, 'off');
  if (incoming.bytes.length > (trigger.max_bytes ?? 1_000_000)) return refused(413, 'too_large');
  const request = openIncoming(incoming);
  const [only] = taking.integrations ?? [];
  let proved: Proved = null;
  const known = await knownValues(taking, only ?? null);
  let values = known;
  const versions: Values[] = [];
  try {
    for await (const version of versionsOf(taking, only ?? null, known)) {
      versions.push(version);
      values = version;
      proved = await verify(trigger.verify, {
        request,
        values,
        choice: hook?.choice ?? null,
        key: { given: taking.given_key, right: hook?.key ?? null },
        now_ms: Date.now(),
      });
      if (proved) break;
    }
  } catch (error) {
    // A key that is not set, or a vendor's key server that is down: not proved now, perhaps later.
    log.warn(
      { err: error, installation: installation._id, trigger: taking.name },
      'a vendor’s request could not be checked',
    );
    return refused(503, 'unchecked');
  }
  const body = parseBody(incoming, trigger.payload);
  const handshake = findHandshake(trigger.handshake, request, body);
  if (handshake) {
    if (handshake.verified && !proved) return refused(handshake.otherwise ?? 401, 'unproved');
    const fitting = (proved ? [values] : versions).find((version) =>
      holds(handshake.where, { request, values: version }),
    );
    if (!fitting) return refused(handshake.otherwise ?? 403, 'unproved');
    countHook('handshake');
    return respondWith(handshake.respond, request, fitting);
  }
  if (!proved) return refused(401, 'unproved');
  if (!accepted(trigger, incoming)) return refused(415, 'type');
  const targets =
    taking.integrations?.map((integration) => ({ integration, bytes: null })) ??
    (await routed(installation, trigger, request, body));
  if (!targets.every(({ integration }) => takesOneMore(`proved ${integration._id} ${taking.name}`, performance.now())))
    return refused(429, 'flood');
  await keepRequest(taking, request, body, proved, targets);
  countHook('taken');
  return trigger.respond ? respondWith(trigger.respond, request, values) : new Raw(null, {}, 200);
}

function accepted({ accepts }: Trigger, incoming: Incoming): boolean {
  if (incoming.bytes.length === 0) return true;
  const type = (incoming.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return (accepts ?? ['json']).some((kind) => kinds[kind]?.test(type));
}

function refused(status: number, why: string): Raw {
  countHook(why);
  const words: Record<number, string> = {
    401: 'not verified',
    404: 'no such hook',
    413: 'too large',
    415: 'content type not taken',
    429: 'too many requests',
  };
  return plain(status, words[status] ?? 'not taken now');
}
