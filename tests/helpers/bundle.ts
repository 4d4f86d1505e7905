import { root } from '../../scripts/setup.mjs'
import { build } from 'esbuild'

/** A program of one file, made of JavaScript that imports TypeScript of this repository. */
export async function bundle(contents: string, platform: 'browser' | 'node', alias: Readonly<Record<string, string>> = {}): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'js' },
    alias: { ...alias },
    bundle: true,
    write: false,
    format: 'esm',
    platform,
    conditions: ['isopix-source'],
    target: 'es2022',
  })
  return (outputFiles[0] as { text: string }).text
}
