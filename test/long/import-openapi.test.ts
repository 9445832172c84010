import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkPackage } from '../../sdk/check/check-package.ts';
import { importOpenapi } from '../../sdk/import-openapi/import-openapi.ts';
import { pluginSource } from '../../sdk/import-openapi/plugin-source.ts';
import { pack } from '../../sdk/package/index.ts';
import { numbers } from '../jobs/chaos.ts';
import { tryActions } from '../sdk/imported-actions.ts';
import { folderWith, removeFolders } from '../sdk/plugin-folder.ts';

const seed = Number(process.env.SEED ?? 1);
const perDocument = Number(process.env.ROUNDS ?? 200);
const specs = process.env.PATCHBAY_VENDOR_SPECS ?? '/work/shared/vendor-specs';

function documentsIn(folder: string): [string, Record<string, any>][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.json(\.gz)?$/.test(entry.name) && !entry.parentPath.includes('httpExamples'),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path): [string, Record<string, any>][] => {
      const bytes = readFileSync(path);
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').replace(/^\ufeff/, '');
      const document = jsonOf(text, path);
      return document?.paths && (document.openapi || document.swagger) ? [[path, document]] : [];
    });
}

/** One document is not JSON as its vendor published it (raw control characters in texts); a clean one lies beside it. */
function jsonOf(text: string, path: string): Record<string, any> | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    console.log(`${path} is not JSON: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

// Documents of vendors, outside of the repository: PATCHBAY_VENDOR_SPECS names their folder.
describe(`import-openapi on the documents in ${specs} (seed ${seed}, ${perDocument} actions each)`, function importing() {
  this.timeout(0);
  let operations = 0;
  let actions = 0;
  after(removeFolders);

  for (const [path, document] of documentsIn(specs)) {
    it(basename(path), async () => {
      // Its own numbers, so that one document alone (`-g`) sees what it sees in the whole round.
      const draw = numbers(seed);
      const next = () => draw(1_000_000) / 1_000_000;
      const server = 'https://api.example.com/';
      const imported = importOpenapi(document, { name: '@acme/imported', server });
      const made = Object.keys(imported.operations).length;
      operations += made + imported.left_out.length;
      actions += made;
      const packed = await pack(folderWith(pluginSource(imported)));
      const errors = checkPackage(packed).filter(({ severity }) => severity === 'error');
      expect(errors).to.deep.equal([]);
      const tried = await tryActions({ document, server, packed, count: perDocument, next });
      const share = tried.passed / tried.count;
      console.log(
        `      ${made} actions, ${Object.keys(imported.streams).length} streams; ${tried.passed} of ${tried.count} passed, ${tried.refused} inputs without a required field refused${tried.unjudged ? `; ${tried.unjudged} schemas in other files not judged` : ''}`,
      );
      for (const problem of tried.problems.slice(0, 5)) console.log(`        ${problem}`);
      expect(tried.let_through, 'inputs without a required field that reached the vendor').to.deep.equal([]);
      expect(share).to.be.at.least(0.95);
    });
  }

  it('makes at least 98 of 100 operations into actions', () => {
    console.log(`      ${actions} of ${operations}`);
    expect(actions / operations).to.be.at.least(0.98);
  });
});
