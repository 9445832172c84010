import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { transaction } from '../../core/database/transaction.ts';
import { Failure } from '../../sdk/contract/failure.ts';
import { type Checkpoint, includes, isSigned, leafHash } from '../../sdk/package/index.ts';
import { releaseId } from '../models/release.ts';
import { RemoteCursor } from '../models/remote-cursor.ts';
import type { Parts } from '../parts.ts';
import { type ExportLine, readExportLine } from './export-line.ts';
import { storeBundle } from './fetch-bundle.ts';
import { MirrorError, takePublisher, takeRelease } from './take-release.ts';

/** Unpacked, an import is at most this long. */
const mostUnpacked = 2_000_000_000;

/** What an import brought. */
export interface Imported {
  origin: string;
  publishers: string[];
  releases: string[];
  /** what was left out, and why */
  left_out: string[];
}

/**
 * Takes packages from an export file: each must be in the log that the exporting registry signed, have the digests that
 * were logged, be signed by its publisher, and pass every check of a publication. What is at home here stays as it is.
 *
 * @throws Failure `validation_failed` when it is no export, or its checkpoint is not signed
 */
export async function importPackages(parts: Parts, bytes: Buffer): Promise<Imported> {
  let head: Extract<ExportLine, { kind: 'head' }> | undefined;
  const done: Imported = { origin: '', publishers: [], releases: [], left_out: [] };
  for await (const text of linesOf(bytes)) {
    const line = readExportLine(text);
    if (typeof line === 'string') throw notAnExport(line);
    if (line.kind === 'head') {
      head = await mustBeHead(line);
      done.origin = head.origin;
    } else if (!head) throw notAnExport('its first line is no head');
    else if (line.kind === 'publisher') {
      const taken = await takePublisher(parts, line.publisher, head.origin);
      if (taken) done.publishers.push(line.publisher.name);
    } else await takeLine(parts, head, line, done);
  }
  if (!head) throw notAnExport('it is empty');
  return done;
}

async function takeLine(
  parts: Parts,
  head: Extract<ExportLine, { kind: 'head' }>,
  line: Extract<ExportLine, { kind: 'release' }>,
  done: Imported,
): Promise<void> {
  const _id = releaseId(line.release.name, line.release.version);
  try {
    mustBeLogged(line, head.checkpoint, _id);
    await storeBundle(parts, { ...line.release, _id }, Buffer.from(line.bytes, 'base64'));
    await transaction(() => takeRelease(parts, line.release, head.origin));
    done.releases.push(_id);
  } catch (error) {
    if (!(error instanceof MirrorError) && !(error instanceof Failure && error.name === 'install_refused')) throw error;
    done.left_out.push(error.message);
  }
}

function mustBeLogged(
  { release, proof }: Extract<ExportLine, { kind: 'release' }>,
  checkpoint: Checkpoint,
  _id: string,
): void {
  const leaf = leafHash(proof.leaf);
  const told = readLeaf(proof.leaf);
  const isAbout =
    told.subject === release.name && told.version === release.version && told.kind === 'release.published';
  if (!isAbout || told.digest !== release.digest || told.integrity !== release.integrity) {
    throw new MirrorError(`${_id}: its line of the log tells of another package`);
  }
  const { size, root } = checkpoint;
  if (!includes({ leaf, index: proof.index, size, path: proof.inclusion, root })) {
    throw new MirrorError(`${_id} is not in the log that its registry signed`);
  }
}

function readLeaf(leaf: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(leaf)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Signed, and by the key that this origin has always signed with, where its log is followed. */
async function mustBeHead(line: Extract<ExportLine, { kind: 'head' }>): Promise<Extract<ExportLine, { kind: 'head' }>> {
  const { origin, checkpoint } = line;
  if (!isSigned(checkpoint)) throw notAnExport('its checkpoint is not signed by the key that it names');
  if (checkpoint.origin !== origin) throw notAnExport('its checkpoint is of another registry');
  const followed = await RemoteCursor.findById(origin, { public_key: 1 }).lean();
  if (followed && followed.public_key !== checkpoint.public_key) {
    throw notAnExport(`${origin} signs with another key than before`);
  }
  return line;
}

async function* linesOf(bytes: Buffer): AsyncGenerator<string> {
  let unpacked = 0;
  const gunzip = Readable.from([bytes]).pipe(createGunzip());
  gunzip.on('data', (chunk: Buffer) => {
    unpacked += chunk.length;
    if (unpacked > mostUnpacked) gunzip.destroy(notAnExport('it is too long unpacked'));
  });
  let broken: Error | undefined;
  gunzip.on('error', (error) => {
    broken = error;
  });
  try {
    for await (const text of createInterface({ input: gunzip, crlfDelay: Number.POSITIVE_INFINITY }))
      if (text !== '') yield text;
  } catch (error) {
    if (error !== broken) throw error;
  }
  if (broken instanceof Failure) throw broken;
  if (broken) throw notAnExport(`it does not unpack: ${broken.message}`);
}

function notAnExport(why: string): Failure {
  return new Failure('validation_failed', { message: `This is no registry export: ${why}` });
}
