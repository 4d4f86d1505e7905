// The backends of isopix in Chromium: a page that is isolated, so that its workers share memory, and times its own calls.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Image, Step } from '../../src/index.js'
import { launchChromium, missing } from '../../tests/helpers/browser.js'
import { ISOLATION, serve } from '../../tests/helpers/static-server.js'
import type { Contender, Memory, Prepared } from '../contender.js'
import type { PageFunctions } from './page-functions.js'

const PREFIX = 'chromium-'

export const isOfChromium = (name: string): boolean => name.startsWith(PREFIX)

/** A backend in Chromium, `chromium-` before its name, with ordinary and with resident images; or why it is not there. */
export const openChromium = (name: string, threads: number): Promise<readonly Contender[] | string> =>
  openInChromium('bench/contenders/page.ts', name, name.slice(PREFIX.length), threads)

/** What a page's script opens by a name; what that is called here is another one. */
export async function openInChromium(script: string, name: string, nameThere: string, threads: number): Promise<readonly Contender[] | string> {
  const reason = missing('chromium')
  if (reason !== undefined) return reason
  const folder = mkdtempSync(join(tmpdir(), 'isopix-bench-'))
  const { build } = await import('esbuild')
  const outfile = join(folder, 'page.js')
  await build({ entryPoints: [script], outfile, bundle: true, format: 'esm', platform: 'browser', conditions: ['isopix-source', 'browser'] })
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>isopix</title><script type="module" src="page.js"></script>')
  const { url, close: closeServer } = await serve(folder, ISOLATION)
  const browser = await launchChromium()
  const tab = await browser.newPage()
  await tab.goto(url)
  await tab.waitForFunction('"bench" in globalThis')

  const call = <K extends keyof PageFunctions>(method: K, ...args: Parameters<PageFunctions[K]>): ReturnType<PageFunctions[K]> =>
    tab.evaluate(
      // In the page: what its script put there.
      (what, values) => (globalThis as unknown as { bench: Record<string, (...rest: unknown[]) => unknown> }).bench[what]?.(...values),
      method as string,
      args,
    ) as ReturnType<PageFunctions[K]>

  const close = async (): Promise<void> => {
    if (browser.connected) await browser.close()
    await closeServer()
    rmSync(folder, { recursive: true, force: true })
  }
  const opened = await call('open', nameThere, threads)
  if (typeof opened === 'string') {
    await close()
    return opened
  }
  const version = await browser.version()
  let images = 0

  async function prepare(memory: Memory, { data, ...shape }: Image, steps: readonly Step[]): Promise<Prepared | undefined> {
    const file = `image-${images++}`
    writeFileSync(join(folder, file), data)
    const { width, height, channels } = shape
    const index = await call('prepare', memory, { width, height, channels }, file, JSON.stringify(steps))
    rmSync(join(folder, file))
    if (index < 0) return undefined
    return {
      time: (calls) => call('time', index, calls),
      async result() {
        const { base64, ...known } = await call('result', index)
        return { ...known, data: new Uint8ClampedArray(Buffer.from(base64, 'base64')) }
      },
      digest: () => call('digest', index),
      dispose: () => call('dispose', index),
    }
  }

  return opened.map(({ about, memory }) => ({
    name,
    about: `${version.replace('Headless', '').replace('/', ' ')}, ${about}`,
    memory,
    exact: true,
    prepare: (image, steps) => prepare(memory, image, steps),
    close,
  }))
}
