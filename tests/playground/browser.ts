// The built page, and what Chromium needs to show it, for tests of what a person does.
import { join } from 'node:path'
import { build } from 'vite'
import { root } from '../../scripts/setup.mjs'

/** A camera that is none, and that nobody has to allow. */
export const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']

/** Builds the page as it would be published. */
export async function buildPage(folder: string): Promise<void> {
  await build({ configFile: join(root, 'playground/vite.config.ts'), logLevel: 'error', build: { outDir: folder, emptyOutDir: true } })
}
