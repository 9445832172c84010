import type { Again } from './again.ts';
import type { Ctx } from './ctx.ts';
import type {
  ActionOf,
  EventDataOf,
  EventTypeOf,
  InputOf,
  ListenedOf,
  ManifestLike,
  MigrationOf,
  OutputOf,
  StreamOf,
  SubscribesItself,
  TriggerOf,
  UpsertOf,
} from './inferred.ts';

type Later<T> = Promise<T> | T;
/** Required when it has any entry, else left out. */
type Group<Name extends string, Entries> = [keyof Entries] extends [never]
  ? { [K in Name]?: Record<string, never> }
  : { [K in Name]: Entries };

/** What a pull is asked for. `since` and `until` are ISO 8601 and never from our clock (CONTRACT.md, sync rules). */
export interface Pull {
  cursor: unknown;
  mode: 'full' | 'incremental' | 'delta';
  since?: string;
  until?: string;
  parent?: { key: string; record: Record<string, unknown> };
  file?: { id: string; name: string; type: string; size: number };
  keys?: string[];
}

/** What a pull yields: at most 1,000 records and 4 MB; the cursor commits together with the records. */
export interface Batch<Upsert = { raw: Record<string, unknown> }> {
  upserts?: Upsert[];
  /** Values of the primary key, in its order. */
  deletes?: (string | string[])[];
  /** Absent: position unchanged. `null`: start over. */
  cursor?: unknown;
  covers?: { from?: string; to?: string } | 'all';
  wait_s?: number;
  progress?: { done: number; of?: number };
}

/** A verified request of the vendor, without what proved it. */
export interface TriggerRequest {
  method: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  /** Parsed JSON or form; the text otherwise. */
  body: unknown;
  text: string;
}

export type EmittedEvent<M extends ManifestLike> = {
  [Type in EventTypeOf<M>]: { type: Type; data: EventDataOf<M, Type>; id?: string; occurred_at?: string };
}[EventTypeOf<M>];

export interface Received<M extends ManifestLike> {
  events?: EmittedEvent<M>[];
  upserts?: { [N in StreamOf<M>]?: UpsertOf<M, N>[] };
  deletes?: { [N in StreamOf<M>]?: (string | string[])[] };
  pull?: { stream: StreamOf<M>; parent?: string; keys?: string[] }[];
}

export interface Subscription {
  id: string;
  expires_at?: string;
  /** which of the trigger's `verify.choose` the vendor proves its requests by */
  choice?: string;
  data?: unknown;
}

interface TriggerHandler<M extends ManifestLike> {
  receive(ctx: Ctx<M>, request: TriggerRequest): Later<Received<M>>;
  renew?(ctx: Ctx<M>, subscription: Subscription): Later<Subscription>;
  check?(ctx: Ctx<M>, subscription: Subscription): Later<boolean>;
}
interface Subscribing<M extends ManifestLike> {
  subscribe(ctx: Ctx<M>, hook: { url: string; secret: string; parent?: string }): Later<Subscription>;
  unsubscribe(ctx: Ctx<M>, subscription: Subscription): Later<void>;
}

export interface Connected {
  account: string;
  metadata?: Record<string, unknown>;
}
export interface Choice {
  choose: { id: string; title: string; metadata?: Record<string, unknown> }[];
}

/** `state` is there when the action asked to be called again (`again`): what it gave then. */
type Actions<M extends ManifestLike> = {
  [N in ActionOf<M>]: (ctx: Ctx<M>, input: InputOf<M, N>, state?: unknown) => Later<OutputOf<M, N> | Again>;
};
type Streams<M extends ManifestLike> = {
  [N in StreamOf<M>]: (ctx: Ctx<M>, pull: Pull) => AsyncIterable<Batch<UpsertOf<M, N>>>;
};
type Triggers<M extends ManifestLike> = {
  [N in TriggerOf<M>]: TriggerHandler<M> &
    (SubscribesItself<M, N> extends true ? Subscribing<M> : Partial<Subscribing<M>>);
};
type Listeners<M extends ManifestLike> = {
  [Type in ListenedOf<M>]: (
    ctx: Ctx<M>,
    event: { id: string; type: Type; data: Record<string, unknown>; occurred_at: string },
  ) => Later<void>;
};
type Migrations<M extends ManifestLike> = {
  [N in MigrationOf<M>]: (ctx: Ctx<M>, configuration: Record<string, unknown>) => Later<Record<string, unknown>>;
};

/** The handlers that a manifest asks for: one for each action, stream, trigger, listener and migration; the rest may be absent. */
export type Handlers<M extends ManifestLike> = {
  connect?(
    ctx: Ctx<M>,
    grant: { token: Record<string, unknown>; callback: Record<string, string> },
  ): Later<Connected | Choice>;
  test?(ctx: Ctx<M>): Later<{ account: string }>;
  install?(ctx: Ctx<M>): Later<void>;
  upgrade?(ctx: Ctx<M>, from: string): Later<void>;
  uninstall?(ctx: Ctx<M>): Later<void>;
} & Group<'actions', Actions<M>> &
  Group<'streams', Streams<M>> &
  Group<'triggers', Triggers<M>> &
  Group<'on', Listeners<M>> &
  Group<'migrate', Migrations<M>>;
