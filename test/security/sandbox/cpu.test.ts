import type { CallErrorType } from '../../../sandbox/index.ts';
import { attacks } from './attack.ts';

const ends: CallErrorType[] = ['cpu_limit', 'starved', 'memory_limit', 'killed', 'timeout', 'threw'];
const spin = (title: string, code: string) => ({ title, code, ends });

attacks('CPU', [
  spin('loops for ever', 'for (;;);'),
  spin('loops for ever with a yield to nobody', 'for (;;) await null;'),
  spin('catches everything and goes on', 'for (;;) { try { for (;;); } catch {} finally { continue; } }'),
  spin('raises a BigInt to a power that takes half a minute', 'return (3n ** 30_000_000n > 2n);'),
  spin('turns an enormous BigInt into text', 'return (1n << 20_000_000n).toString().length;'),
  spin('matches a regular expression that backtracks for ever', `return /^(a+)+$/.test('a'.repeat(40) + '!');`),
  spin(
    'sorts with a comparison that never agrees',
    'return new Array(1e7).fill(0).map((_, i) => i).sort(() => Math.random() - 0.5).length;',
  ),
  spin(
    'searches a text in a text, natively',
    `const s = 'a'.repeat(2 ** 24); return s.replace(new RegExp('(a*)*b'), '').length;`,
  ),
  spin('recurses without an end', 'const f = (n) => { try { return f(n + 1); } catch { return f(0); } }; return f(0);'),
  spin('parses JSON again and again', `const s = '[' + '1,'.repeat(100000) + '1]'; for (;;) JSON.parse(s);`),
  spin('compiles code again and again', `for (let i = 0; ; i++) new Function('return ' + i);`),
  spin(
    'loops in a getter of its arguments',
    `return ctx.fetch('https://api.example.com/', { get headers() { for (;;); } });`,
  ),
  spin('loops in a timer', 'await new Promise(() => setTimeout(() => { for (;;); }, 1));'),
  spin(
    'loops in an abort listener after its deadline',
    `ctx.signal.addEventListener('abort', () => { for (;;); }); await new Promise((ok) => setTimeout(ok, 5000));`,
  ),
  spin('normalises an enormous text', `for (;;) '\\u0958'.repeat(1e6).normalize('NFKD');`),
]);
