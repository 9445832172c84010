import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { Failure } from '../contract/failure.ts';
import { type Checkpoint, describePublicKey, includes, isSigned, leafHash } from '../package/index.ts';

/** What a registry says to prove that it published a release. */
export interface LogProof {
  /** the line of the log, canonical JSON */
  leaf: string;
  index: number;
  /** hex, from the leaf up */
  path: string[];
  checkpoint: Checkpoint;
  /** the publisher's keys that are not revoked, where the file tells them: an export does */
  keys: string[];
}

/** The release that must be in the log. */
interface Logged {
  name: string;
  version: string;
  /** sha256 of the canonical manifest, hex */
  digest: string;
  /** sha512 of the package, SRI */
  integrity: string;
}

const mostUnpacked = 2_000_000_000;

/**
 * Reads a proof from a file: an answer of `GET /registry/log/proof?index=…`, or an export of `GET /registry/export`.
 *
 * @throws {Failure} malformed when it is neither, not_found when an export does not hold the release
 */
export async function readLogProof(file: string, release: { name: string; version: string }): Promise<LogProof> {
  const bytes = await readFile(file);
  try {
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? fromExport(bytes, release) : fromAnswer(bytes);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const message = `${file} is no proof; keep the answer of GET /registry/log/proof?index=…, or a file of GET /registry/export`;
    throw new Failure('malformed', { message, cause });
  }
}

/** Why a proof does not show that the release is in the registry's log; undefined when it does. */
export function doubtOf(proof: LogProof, release: Logged, logKey?: string): string | undefined {
  const { checkpoint, index, path } = proof;
  if (!isSigned(checkpoint)) return 'the checkpoint of the log is not signed by the key that it names';
  if (logKey !== undefined && describePublicKey(logKey).public_key !== checkpoint.public_key) {
    return `the checkpoint of the log is signed with another key (${describePublicKey(checkpoint.public_key).key_id})`;
  }
  const told = JSON.parse(proof.leaf) as Record<string, unknown>;
  const isAbout =
    told.kind === 'release.published' && told.subject === release.name && told.version === release.version;
  if (!isAbout) return `the line of the log is about ${told.subject}@${told.version} (${told.kind})`;
  if (told.digest !== release.digest || told.integrity !== release.integrity) {
    return 'the log tells of another package under this version';
  }
  const { size, root } = checkpoint;
  const isIn = includes({ leaf: leafHash(proof.leaf), index, size, path, root });
  return isIn ? undefined : 'the line is not in the log that the registry signed';
}

function fromAnswer(bytes: Buffer): LogProof {
  const answer = JSON.parse(bytes.toString('utf8'));
  const { entry, inclusion, checkpoint } = answer.content ?? answer;
  return { leaf: entry.leaf, index: entry.index, path: inclusion, checkpoint, keys: [] };
}

function fromExport(bytes: Buffer, { name, version }: { name: string; version: string }): LogProof {
  const text = gunzipSync(bytes, { maxOutputLength: mostUnpacked }).toString('utf8');
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const { checkpoint } = lines.find(({ kind }) => kind === 'head');
  const publisher = lines.find(({ kind, publisher }) => kind === 'publisher' && publisher.name === name.split('/')[0]);
  const found = lines.find(
    ({ kind, release }) => kind === 'release' && release.name === name && release.version === version,
  );
  if (!found) throw new Failure('not_found', { message: `This export does not hold ${name}@${version}` });
  const { leaf, index, inclusion } = found.proof;
  const usable = publisher.publisher.keys.filter(({ revoked_at }: { revoked_at: string | null }) => !revoked_at);
  const keys = usable.map(({ public_key }: { public_key: string }) => public_key);
  return { leaf, index, path: inclusion, checkpoint, keys };
}
