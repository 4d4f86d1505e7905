// The built page, for tests of what a person does.
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../../scripts/setup.mjs'

/** Builds the page as it would be published. */
export async function buildPage(folder: string): Promise<void> {
  await build({ configFile: join(root, 'playground/vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
}
