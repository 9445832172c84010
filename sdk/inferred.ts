import type { FromSchema, JSONSchema } from 'json-schema-to-ts';
import type { Manifest } from './contract/manifest.ts';
import type { ModelName } from './contract/model-names.ts';
import type { Model } from './contract/models.ts';

/** A manifest, or its literal type. */
export type ManifestLike = Manifest;

type Part<M, K extends string> = M extends { readonly [P in K]: infer Value } ? Value : Record<never, never>;
type Named<M, K extends string, N> = Part<M, K> extends infer P ? (N extends keyof P ? P[N] : never) : never;
type SchemaAt<T, K extends string> = T extends { readonly [P in K]: infer S extends JSONSchema } ? S : never;
type FromOr<S, Otherwise> = [S] extends [never] ? Otherwise : S extends JSONSchema ? FromSchema<S> : Otherwise;
type Keys<M, K extends string> = keyof Part<M, K> & string;

type Properties<M> = Part<Part<M, 'configuration'>, 'properties'>;
/** Names of the secret fields of the settings. */
export type SecretNameOf<M extends ManifestLike> = Manifest extends M
  ? string
  : {
      [K in keyof Properties<M>]: Properties<M>[K] extends { readonly format: 'secret' } ? K & string : never;
    }[keyof Properties<M>];
/** The settings as a handler sees them: without secrets. */
export type ConfigOf<M extends ManifestLike> = Manifest extends M
  ? Record<string, unknown>
  : Omit<FromOr<SchemaAt<M, 'configuration'>, Record<never, never>>, SecretNameOf<M>>;

export type ActionOf<M extends ManifestLike> = Keys<M, 'actions'>;
export type InputOf<M extends ManifestLike, N extends ActionOf<M>> = FromOr<
  SchemaAt<Named<M, 'actions', N>, 'input'>,
  Record<string, never>
>;
export type OutputOf<M extends ManifestLike, N extends ActionOf<M>> = FromOr<
  SchemaAt<Named<M, 'actions', N>, 'output'>,
  unknown
>;

/** Event types that the manifest declares. */
export type EventTypeOf<M extends ManifestLike> = Keys<M, 'events'>;
export type EventDataOf<M extends ManifestLike, N extends EventTypeOf<M>> = FromOr<
  SchemaAt<Named<M, 'events', N>, 'schema'>,
  unknown
>;

export type StreamOf<M extends ManifestLike> = Keys<M, 'streams'>;
type ModelAt<S> = S extends { readonly model: infer N extends ModelName } ? { model: Model<N> } : { model?: never };
/** One record as a stream gives it: the vendor's own data, and the unified model where the stream declares one. */
export type UpsertOf<M extends ManifestLike, N extends StreamOf<M>> = {
  raw: FromOr<SchemaAt<Named<M, 'streams', N>, 'schema'>, Record<string, unknown>>;
} & ModelAt<Named<M, 'streams', N>>;

export type TriggerOf<M extends ManifestLike> = Keys<M, 'triggers'>;
/** Whether a trigger's hook is made and removed by handlers. */
export type SubscribesItself<M extends ManifestLike, N extends TriggerOf<M>> =
  Named<M, 'triggers', N> extends { readonly subscription: { readonly by: 'handler' } } ? true : false;

export type ListenedOf<M extends ManifestLike> =
  Part<M, 'listens'> extends readonly (infer Type extends string)[] ? Type : never;
export type MigrationOf<M extends ManifestLike> =
  Part<M, 'configuration_migrations'> extends infer P ? P[keyof P] & string : never;
