import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { Failure } from '../contract/failure.ts';
import { quote } from '../contract/quote.ts';
import { bodyText, type Vendor, type VendorAnswer, type VendorRequest } from './vendor.ts';

interface Exchange {
  request: { method: string; url: string; body?: string };
  answer: { status: number; headers: Record<string, string>; body: string };
}

export interface RecordedVendor {
  vendor: Vendor;
  /** Writes what was recorded; does nothing when replaying. */
  save(): Promise<void>;
}

/** Headers of an answer that a plugin may need; all others are left out, so that no secret is kept by accident. */
const keptHeaders =
  /^(content-type|link|retry-after|etag|last-modified|location|x-total|x-next-page|x-ratelimit-.*|ratelimit.*)$/;
const secretNames = /(token|secret|password|passwd|api_?key|authorization|cookie|signature|credential|client_id)/i;
const blank = '[removed]';

/**
 * Answers from a file what a vendor answered before, each exchange once and in its order. Where the file does not exist,
 * `live` is asked and its answers are kept: secrets are removed before anything reaches the disk.
 *
 * @example
 * const { vendor, save } = await recordedVendor('fixtures/items.json', askTheTrueVendor)
 * const plugin = await testPlugin({ folder: import.meta.dirname, vendor })
 * await plugin.pull('items')
 * await save()
 *
 * @param file path of the JSON fixture
 * @param live sends a request to the true vendor, with the credential that only the test knows
 * @throws {Failure} not_found from the vendor, when a request was not recorded
 */
export async function recordedVendor(file: string, live?: Vendor): Promise<RecordedVendor> {
  if (existsSync(file)) return replay(file, JSON.parse(await readFile(file, 'utf8')));
  if (!live)
    throw new Failure('not_found', { message: `There is no recording ${file}, and no live vendor to make one` });
  const recorded: Exchange[] = [];
  return {
    vendor: async (request) => {
      const answer = (await live(request)) ?? { status: 404 };
      recorded.push(scrubbed(request, answer));
      return answer;
    },
    save: () => writeFile(file, `${JSON.stringify(recorded, null, 2)}\n`),
  };
}

function replay(file: string, exchanges: Exchange[]): RecordedVendor {
  const left = [...exchanges];
  return {
    save: async () => undefined,
    vendor: (request) => {
      const { method, url } = scrubbed(request, {}).request;
      const at = left.findIndex((known) => known.request.method === method && known.request.url === url);
      const [found] = at < 0 ? [] : left.splice(at, 1);
      if (found) return found.answer;
      throw new Failure('not_found', { message: `${file} has no (further) answer for ${method} ${quote(url, 200)}` });
    },
  };
}

function scrubbed({ method, url, body }: VendorRequest, answer: VendorAnswer): Exchange {
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    request: { method, url: scrubUrl(url), ...(body === undefined ? {} : { body: scrubText(body) }) },
    answer: {
      status: answer.status ?? 200,
      headers: Object.fromEntries(
        headers.filter(([name]) => keptHeaders.test(name)).map(([name, value]) => [name, scrubUrls(value)]),
      ),
      body: scrubText(bodyText(answer)),
    },
  };
}

function scrubUrl(url: string): string {
  const parsed = new URL(url);
  for (const name of [...parsed.searchParams.keys()]) if (secretNames.test(name)) parsed.searchParams.set(name, blank);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

function scrubUrls(text: string): string {
  return text.replace(/https?:\/\/[^\s<>",;]+/g, (url) => (URL.canParse(url) ? scrubUrl(url) : url));
}

/** JSON by its field names, forms by theirs; and what looks like a bearer token anywhere. */
function scrubText(text: string): string {
  try {
    return JSON.stringify(
      JSON.parse(text, (name, value) => (secretNames.test(name) && typeof value !== 'object' ? blank : value)),
    );
  } catch {
    return scrubUrls(text)
      .replace(/\b([\w.-]*(?:token|secret|password|key)[\w.-]*)=([^&\s]+)/gi, `$1=${blank}`)
      .replace(/\b(Bearer|Basic)\s+[\w+/=._~-]{8,}/g, `$1 ${blank}`);
  }
}
