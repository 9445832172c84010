import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BSON, type Document, MongoClient } from 'mongodb';
import { type EngineProcess, startEngine, temporaryFolder } from '../database/engine-process.ts';
import { type FailProxy, startFailProxy } from './driver-specs/fail-proxy.ts';
import { leftOut } from './driver-specs/left-out.ts';
import { unifiedOf } from './driver-specs/legacy-format.ts';
import { type Deployment, runCase } from './driver-specs/run-case.ts';

/**
 * MongoDB's own specification tests of drivers, run by the real driver against the engine in a process of its own. Their files
 * are not ours to give away; Debian has them:
 *
 *     apt-get download golang-mongodb-mongo-driver-dev && dpkg -x golang-mongodb-mongo-driver-dev_*.deb specs
 *     DRIVER_SPECS=specs/usr/share/gocode/src/go.mongodb.org/mongo-driver/testdata npm run test:long -- --only driver-specs
 */
const folder = process.env.DRIVER_SPECS;
const SUITES = [
  'change-streams',
  'client-side-operations-timeout',
  'collection-management',
  'command-monitoring',
  'connection-monitoring-and-pooling',
  'convenient-transactions',
  'crud',
  'gridfs',
  'index-management',
  'load-balancers',
  'read-write-concern/operation',
  'retryable-reads',
  'retryable-writes',
  'run-command',
  'server-discovery-and-monitoring/unified',
  'sessions',
  'transactions',
  'unified-test-format/valid-pass',
  'versioned-api',
];

describe("MongoDB's specification tests of drivers", () => {
  let place: ReturnType<typeof temporaryFolder>;
  let engine: EngineProcess;
  let proxy: FailProxy;
  let own: MongoClient;
  const left = new Map<string, number>();
  let passed = 0;

  before(async function () {
    this.timeout(120_000);
    if (folder === undefined) {
      console.log('not run: DRIVER_SPECS does not say where the files are');
      this.skip();
    }
    place = temporaryFolder();
    engine = await startEngine(place.folder);
    const socket = decodeURIComponent(/^mongodb:\/\/(?:[^@/]*@)?([^/]+)\//.exec(engine.uri)?.[1] ?? '');
    proxy = await startFailProxy(socket);
    own = await MongoClient.connect(engine.uri);
  });
  after(async () => {
    if (folder === undefined) return;
    console.log(`\n  ${passed} cases passed. Left out, by reason:`);
    for (const [reason, count] of [...left].sort((a, b) => b[1] - a[1])) console.log(`  ${count}\t${reason}`);
    await own?.close();
    await proxy?.close();
    await engine?.kill('SIGTERM');
    place?.remove();
  });

  for (const suite of folder === undefined ? [] : SUITES) {
    describe(suite, () => {
      for (const path of specsIn(join(folder ?? '', suite))) define(suite, path);
    });
  }
  if (folder === undefined) it('are not on this machine', () => {});

  function define(suite: string, path: string): void {
    const name = basename(path, '.json');
    const given: Document = BSON.EJSON.parse(readFileSync(path, 'utf8'), { relaxed: true });
    // One folder is in a format of its own: threads that take connections out of a pool and put them back.
    if (given.style) leave("the driver's pool of connections alone");
    const file = given.schemaVersion || given.style ? given : unifiedOf(given);
    for (const test of file.tests ?? []) {
      const reason = leftOut(suite, name, file, test);
      if (reason) leave(reason);
      else
        it(`${name}: ${test.description}`, async function () {
          this.timeout(30_000);
          await runCase(file, test, { proxy, own } satisfies Deployment);
          passed++;
        });
    }
  }

  function leave(reason: string): void {
    left.set(reason, (left.get(reason) ?? 0) + 1);
  }
});

function specsIn(suite: string): string[] {
  const names = readdirSync(suite, { recursive: true, encoding: 'utf8' });
  const specs = names.filter((name) => name.endsWith('.json'));
  return specs.sort().map((name) => join(suite, name));
}
