import type { FromSchema } from 'json-schema-to-ts';
import type { ModelName } from './model-names.ts';

export { type ModelName, modelNames } from './model-names.ts';

const text = { type: 'string' } as const;
const integer = { type: 'integer' } as const;
const number = { type: 'number' } as const;
const flag = { type: 'boolean' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const date = { type: 'string', format: 'date' } as const;
const texts = { type: 'array', items: text } as const;
const anything = { type: 'array', items: {} } as const;
const labels = { type: 'object', additionalProperties: text } as const;
/** Money is a decimal string, its currency (ISO 4217) beside it. */
const money = { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$' } as const;
const currency = { type: 'string', pattern: '^[A-Z][A-Z][A-Z]$' } as const;
const one = <const Values extends readonly string[]>(...values: Values) => ({ enum: values }) as const;
const lastingLink = closedObject({ url: text, expires_at: time });

/** Every field that each model has. `id` and `raw` are the host's to give. */
const everywhere = {
  needs: { external_id: text, url: { type: ['string', 'null'] } },
  may: { created_at: time, updated_at: time, deleted_at: time },
} as const;

/** The schema of one unified model (`CONTRACT.md` section 5): the fields it always has, and those it may have. */
function model<const Needs extends object, const May extends object>(needs: Needs, may: May) {
  return {
    type: 'object',
    additionalProperties: false,
    required: [...Object.keys(everywhere.needs), ...Object.keys(needs)] as readonly (
      | keyof typeof everywhere.needs
      | (keyof Needs & string)
    )[],
    properties: { ...everywhere.needs, ...everywhere.may, ...needs, ...may },
  } as const;
}

function closedObject<const Needs extends object, const May extends object = Record<never, never>>(
  needs: Needs,
  may: May = {} as May,
) {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(needs) as string[] as (keyof Needs & string)[],
    properties: { ...needs, ...may },
  } as const;
}

/** The unified models: what records of different vendors have in common. `raw` beside them keeps everything else. */
export const models = {
  repository: model(
    { name: text, full_name: text, archived: flag, clone_url: text },
    { description: text, visibility: text, default_branch: text, language: text, pushed_at: time },
  ),
  issue: model(
    {
      ...{ key: text, title: text, body_format: one('markdown', 'html', 'text', 'adf', 'wiki') },
      ...{ state: one('open', 'closed'), status: text, assignees: texts, labels: texts, container: text },
    },
    {
      ...{ body: text, status_group: text, type: text, priority: text, author: text, parent_id: text },
      ...{ due_at: time, closed_at: time },
    },
  ),
  pull_request: model(
    {
      ...{ number: integer, title: text, state: one('open', 'merged', 'closed'), draft: flag, source_branch: text },
      ...{ target_branch: text, author: text, reviewers: texts, repository_id: text },
    },
    { body: text, head_sha: text, merged_at: time, closed_at: time },
  ),
  message: model(
    {
      container: closedObject({ model: text, id: text }),
      ...{ text, format: one('text', 'markdown', 'html', 'mrkdwn'), sent_at: time, attachments: anything },
    },
    { thread_id: text, author: text, edited_at: time, reply_count: integer },
  ),
  build: model(
    { number: text, status: text },
    {
      ...{ name: text, result: text, branch: text, commit: text, cause: text, actor: text, repository_id: text },
      ...{ attempt: integer, queued_at: time, started_at: time, finished_at: time, duration_ms: integer },
    },
  ),
  container: model(
    { name: text, image: text, state: text, labels },
    {
      ...{ image_id: text, ready: flag, restarts: integer, exit_code: integer, started_at: time, ports: anything },
      ...{ host: text, namespace: text, workload_id: text },
    },
  ),
  workload: model(
    { kind: text, name: text, images: texts, desired: integer, running: integer },
    { namespace: text, ready: integer, updated: integer, paused: flag, conditions: anything },
  ),
  alert: model(
    {
      ...{ dedupe_key: text, title: text, status: one('firing', 'acknowledged', 'suppressed', 'resolved') },
      ...{ labels, started_at: time, source: text },
    },
    { message: text, severity: text, count: integer, last_seen_at: time, ended_at: time, assignee: text },
  ),
  ad_campaign: model(
    { account_id: text, name: text, channel: text, status: text, vendor_status: text, currency },
    { objective: text, budget: money, budget_period: text, start_at: time, end_at: time },
  ),
  ad_metric: model(
    { campaign_id: text, date, impressions: integer, clicks: integer, spend: money },
    { conversions: number, value: money },
  ),
  crm_customer: model(
    { kind: one('person', 'company', 'lead'), name: text, emails: texts, phones: texts },
    {
      ...{ first_name: text, last_name: text, company: text, title: text, owner: text, stage: text },
      ...{ address: text, tags: texts },
    },
  ),
  deal: model(
    { title: text, stage: text, status: one('open', 'won', 'lost'), person_ids: texts },
    {
      ...{ amount: money, currency, pipeline: text, probability: number, expected_close_on: date, closed_at: time },
      ...{ lost_reason: text, owner: text, company_id: text },
    },
  ),
  order: model(
    {
      ...{ number: text, status: text, total: money, placed_at: time },
      lines: {
        type: 'array',
        items: closedObject(
          { title: text, quantity: number, price: money },
          { product_id: text, variant_id: text, sku: text },
        ),
      },
    },
    {
      ...{ payment_status: text, fulfillment_status: text, currency, subtotal: money, discount: money, tax: money },
      ...{ shipping: money, customer: text, cancelled_at: time },
    },
  ),
  product: model(
    {
      ...{ title: text, images: texts },
      variants: {
        type: 'array',
        items: closedObject({ id: text, title: text, price: money }, { sku: text, barcode: text }),
      },
    },
    { description: text, status: text, vendor: text, type: text, sku: text, price: money, currency },
  ),
  inventory_item: model(
    { tracked: flag },
    {
      ...{ sku: text, product_id: text, variant_id: text, location_id: text, available: number, incoming: number },
      ...{ reorder_at: number, unit_cost: money },
    },
  ),
  content_asset: model(
    { kind: text },
    {
      ...{ title: text, mime_type: text, size: integer, width: number, height: number, pages: integer },
      ...{ thumbnail: lastingLink, link: lastingLink, folder_id: text, owner: text, tags: texts },
    },
  ),
  subscriber: model(
    { email: text, status: one('subscribed', 'unsubscribed', 'pending', 'bounced'), list_id: text },
    {
      ...{ first_name: text, last_name: text, subscribed_at: time, unsubscribed_at: time, source: text },
      tags: texts,
    },
  ),
  health_metric: model(
    {
      ...{
        type: text,
        unit: text,
        start_at: time,
        end_at: time,
        local_date: date,
        grain: one('sample', 'hour', 'day'),
      },
      ...{ source: closedObject({ name: text }, { device: text }), person: text },
    },
    { value: number, text, utc_offset: text, manual: flag },
  ),
  activity: model(
    { type: text, start_at: time, end_at: time, source: closedObject({ name: text }, { device: text }), person: text },
    {
      ...{ name: text, active_s: number, distance_m: number, energy_kcal: number, heart_rate_avg: number },
      ...{ steps: integer, elevation_m: number },
    },
  ),
  channel: model({ title: text, kind: text }, { owner: text, state: text, members: anything }),
  workflow: model({ title: text, kind: text }, { owner: text, state: text, steps: anything }),
  dashboard: model({ title: text, kind: text }, { owner: text, state: text, panels: anything }),
} as const satisfies Record<ModelName, object>;

/** The fields of a unified model as a plugin gives them; the host adds `id` and `raw`. */
export type Model<Name extends ModelName> = FromSchema<(typeof models)[Name]>;
