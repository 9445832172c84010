import { transform } from 'esbuild';

/** The JavaScript of a TypeScript source, otherwise as it was written. */
export async function stripTypes(source: string): Promise<string> {
  const { code } = await transform(source, { loader: 'ts', target: 'esnext', charset: 'utf8' });
  return code;
}
