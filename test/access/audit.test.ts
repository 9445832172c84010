import { expect } from 'chai';
import { writeFailedSignIns } from '../../core/access/failed-sign-ins.ts';
import { audit } from '../../core/audit/audit.ts';
import { chainEntries, verifyChain } from '../../core/audit/chain.ts';
import { AuditEntry } from '../../core/audit/model.ts';
import { connection } from '../../core/database/mongoose.ts';
import { withAccess } from './serve-access.ts';

describe('the audit log', () => {
  const host = withAccess();
  let token: string;
  let workspace: string;
  before(async () => {
    token = (await host.login()).access_token;
    workspace = (await host.ask('GET', '/auth/me', { token })).content.workspace_id;
  });

  it('tells who changed what, from what to what, and from where', async () => {
    const project = (await host.ask('POST', '/projects', { token, body: { name: 'Before' } })).content.id;
    await host.ask('PATCH', `/projects/${project}`, { token, body: { name: 'After', description: '' } });
    const { entries, total } = (await host.ask('GET', `/audit?target=${project}&action=project.*`, { token })).content;
    expect(total).to.equal(2);
    expect(entries[0]).to.deep.include({
      action: 'project.updated',
      before: { name: 'Before' },
      after: { name: 'After' },
      address: '127.0.0.1',
    });
    expect(entries[0].actor.label).to.equal(host.owner.email);
    const mine = await host.ask('GET', `/audit?actor=${encodeURIComponent(host.owner.email)}&action=project.created`, {
      token,
    });
    expect(mine.content.entries[0].target).to.deep.equal({ kind: 'project', id: project, name: 'Before' });
  });

  it('masks secrets, also sealed ones that stand where none is expected', async () => {
    const { key } = (await host.ask('POST', '/api-keys', { token, body: { name: 'k', scopes: ['admin'] } })).content;
    await audit({
      workspace_id: workspace,
      action: 'test.masked',
      target: { kind: 'test', id: 't' },
      after: { client_secret: 'S3cret!', list: [{ access_token: 'tok' }], note: 'kept' },
    });
    const text = (await host.ask('GET', '/audit?format=jsonl', { token })).msg;
    expect(text).not.to.include(key).and.not.to.include('S3cret!').and.not.to.include('"tok"');
    expect(text).to.include('kept');
    for (const line of text.trim().split('\n')) expect(JSON.parse(line)).to.include.keys('id', 'actor', 'action');
  });

  it('holds every failed sign-in, although they are written together a moment later', async () => {
    await host.member('guessed@example.com', 'viewer');
    const attempts = Array.from({ length: 3 }, (_, index) => ({
      email: 'guessed@example.com',
      password: `wrong ${index}`,
    }));
    for (const body of attempts) expect((await host.ask('POST', '/auth/login', { body })).code).to.equal('F40001');
    await writeFailedSignIns();
    const { entries } = (await host.ask('GET', '/audit?action=user.sign_in_failed', { token })).content;
    expect(entries).to.have.length(3);
    expect(entries[0]).to.deep.include({
      address: '127.0.0.1',
      target: { ...entries[0].target, name: 'guessed@example.com' },
    });
  });

  it('is for admins', async () => {
    expect(
      (await host.ask('GET', '/audit', { token: await host.member('curious@example.com', 'developer') })).code,
    ).to.equal('F40003');
  });

  it('cannot be changed through the model', async () => {
    const one = await AuditEntry.findOne({ workspace_id: workspace }).lean();
    const changes = [
      () => AuditEntry.updateOne({ _id: one?._id }, { $set: { action: 'nothing.happened' } }),
      () => AuditEntry.deleteOne({ _id: one?._id }),
      () => AuditEntry.deleteMany({}),
      () => AuditEntry.findOneAndUpdate({ _id: one?._id }, { $set: { action: 'x' } }),
    ];
    for (const change of changes) {
      let refused = '';
      await change().then(
        () => {},
        (error: Error) => {
          refused = error.message;
        },
      );
      expect(refused).to.include('append-only');
    }
    expect((await AuditEntry.findById(one?._id).lean())?.action).to.equal(one?.action);
  });

  it('hangs together as a chain, and shows where it was altered behind our back', async () => {
    await chainEntries();
    const whole = await verifyChain(workspace);
    expect(whole.broken_at).to.equal(null);
    expect(whole.entries).to.be.greaterThan(5);
    await connection
      .collection('audit_entries')
      .updateOne({ workspace_id: workspace, sequence: 4 }, { $set: { action: 'forged' } });
    expect((await verifyChain(workspace)).broken_at).to.equal(4);
    await connection.collection('audit_entries').deleteOne({ workspace_id: workspace, sequence: whole.entries });
    await connection
      .collection('audit_entries')
      .updateOne({ workspace_id: workspace, sequence: 4 }, { $set: { action: 'forged' } });
    expect((await verifyChain(workspace)).broken_at).to.equal(4);
  });
});
