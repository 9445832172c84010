import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectDatabase, type Database } from '../../core/database/connect.ts';
import { connection } from '../../core/database/mongoose.ts';
import { log } from '../../core/log.ts';
import { keyFile, newMasterKey, readKeyFile, writeKeyFile } from '../../core/vault/key-file.ts';
import { rotateKeyFile } from '../../core/vault/rotate-all.ts';
import { startVault } from '../../core/vault/start-vault.ts';
import { seal } from '../../core/vault/vault.ts';
import { rotateUnderWork, storeSecrets } from './rotate-rounds.ts';

describe('the master key of a data folder', function () {
  this.timeout(180_000);
  let database: Database;
  const data = mkdtempSync(join(tmpdir(), 'patchbay-vault-'));
  before(async () => {
    database = await connectDatabase({ uri: process.env.MONGODB_URI ?? null, data, log });
  });
  after(async () => {
    await database.close();
    rmSync(data, { recursive: true, force: true });
  });
  const reasonOf = (start: Promise<unknown>) =>
    start.then(
      () => 'started',
      (error: { reason?: string }) => error.reason,
    );

  it('is made at the first start, for this user only, and used from then on', async () => {
    expect((await startVault([], data)).source).to.equal('made');
    expect(statSync(keyFile(data)).mode & 0o777).to.equal(0o600);
    expect((await startVault([], data)).source).to.equal('file');
  });

  it('is refused at start when it is another one, is gone, or is open to others', async () => {
    expect(await reasonOf(startVault([newMasterKey()], data))).to.equal('unknown_key');
    const elsewhere = mkdtempSync(join(tmpdir(), 'patchbay-vault-'));
    expect(await reasonOf(startVault([], elsewhere))).to.equal('missing_key');
    writeKeyFile(elsewhere, [newMasterKey()]);
    expect(await reasonOf(startVault([], elsewhere))).to.equal('unknown_key');
    writeFileSync(keyFile(elsewhere), 'not a key\n');
    expect(await reasonOf(startVault([], elsewhere))).to.equal('bad_key');
    rmSync(keyFile(elsewhere));
    writeFileSync(keyFile(elsewhere), `${'0'.repeat(64)}\n`, { mode: 0o644 });
    expect(await reasonOf(startVault([], elsewhere))).to.equal('bad_key');
    rmSync(elsewhere, { recursive: true });
    await startVault([], data);
  });

  it('is rotated while secrets are read and written, killed half-way, and goes on', async () => {
    await storeSecrets(500);
    await rotateUnderWork(data, 500);
    expect((await startVault([], data)).source).to.equal('file');
  });

  it('keeps the old key while a single secret could not be exchanged, and names it', async () => {
    const text = seal('stays', { workspace_id: 'wsp_r', record: 'odd', field: 'deep' });
    const odd = connection.collection<{ _id: string; [field: string]: string }>('rotation_leftovers');
    // A name with a dot cannot be written by its path.
    await odd.insertOne({ _id: 'odd', 'a.b': text });
    const failed = await rotateKeyFile(data).then(
      () => 'it ended',
      ({ message }: Error) => message,
    );
    expect(failed).to.match(/^rotation_leftovers odd holds a secret under an old key/);
    expect(readKeyFile(data)).to.have.length(2);
    await odd.drop();
    await rotateKeyFile(data);
    expect(readKeyFile(data)).to.have.length(1);
  });
});
