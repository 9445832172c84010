export { archiveLimits } from './archive-limits.ts';
export type { BuildFault } from './build-error.ts';
export { type Checkpoint, checkpointText, isSigned } from './checkpoint.ts';
export { evaluate, handlerNames } from './evaluate.ts';
export { integrityOf, sha256 } from './integrity.ts';
export { includes, leafHash, nodeHash } from './log-tree.ts';
export { type Packed, pack, writePackage } from './pack.ts';
export type { ArchiveReason } from './refuse-archive.ts';
export {
  canonicalManifest,
  describePublicKey,
  generateKeys,
  type Keys,
  manifestDigest,
  type Signature,
  sign,
  verify,
} from './sign.ts';
export { toScript, toScriptWithMap } from './to-script.ts';
export { type Unpacked, unpack } from './unpack.ts';
