// A loop over the frames of a video: memory stays as it is. ISOPIX_VIDEO_FRAMES=1000 runs the long form at 1920 x 1080, and
// prints what it took.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { BROWSERS, COMPOSED, type Page, missing, openPage } from './page.js'
import type * as functions from './video.page.js'

const LONG = Number(process.env['ISOPIX_VIDEO_FRAMES'] ?? 0)
const FRAMES = LONG || 100
const [WIDTH, HEIGHT] = LONG ? [1920, 1080] : [480, 270]
const FRAME_BYTES = WIDTH * HEIGHT * 4
/** Frames until everything that is made once is made. */
const FIRST = Math.min(100, FRAMES / 4)
const module = join(import.meta.dirname, 'video.page.ts')

const LOOPS = [
  { backend: 'wasm', keep: false, from: 'video' },
  { backend: 'wasm', keep: true, from: 'frames' },
  { backend: 'webgpu', keep: true, from: 'video' },
] as const

describe.each(BROWSERS)('in %s', (browser) => {
  const reason = missing(browser)

  test.skipIf(reason !== undefined).each(LOOPS)(
    'a loop on $backend over the $from, results kept: $keep',
    async (loop) => {
      // In Firefox WebGPU takes seconds a frame without a graphics card.
      const frames = browser === 'firefox' && loop.backend === 'webgpu' ? Math.min(FRAMES, 20) : FRAMES
      const page = await openPage<typeof functions>(browser, { module, isolated: true })
      try {
        await page.window.start({ ...loop, width: WIDTH, height: HEIGHT })
        const early = { ...(await page.window.run(FIRST)), ...(await memoryOf(page)) }
        const late = { ...(await page.window.run(frames - FIRST)), ...(await memoryOf(page)) }
        if (LONG) console.log(browser, JSON.stringify(loop), describeGrowth(early), describeGrowth(late))
        expect(late).toMatchObject({ openFrames: 0, openBitmaps: 0, arenaBytesUsed: early.arenaBytesUsed })
        expect(late.arenaBytesReserved).toBeLessThanOrEqual(early.arenaBytesReserved)
        expect(late.gpuBytesAllocated).toBeLessThanOrEqual(early.gpuBytesAllocated)
        // The camera was filmed, and not one picture again and again.
        expect(late.changed).toBeGreaterThan((frames - FIRST) / 2)
        if (browser === 'chromium') expect(late.heap - early.heap).toBeLessThan(4 * FRAME_BYTES)
        if (LONG) expect(late.resident - early.resident).toBeLessThan(FRAMES * FRAME_BYTES * 0.05)
      } finally {
        await page.close()
      }
    },
    LONG ? 3_600_000 : 120_000,
  )

  async function memoryOf(page: Page<typeof functions>): Promise<{ heap: number; resident: number }> {
    const heap = browser === 'chromium' ? await page.heapBytes() : 0
    return { heap, resident: LONG ? page.residentBytes() : 0 }
  }
})

const describeGrowth = (report: Readonly<Record<string, number>>): string =>
  Object.entries(report).map(([name, value]) => `${name} ${/Bytes|heap|resident/.test(name) ? `${(value / 2 ** 20).toFixed(1)} MiB` : Math.round(value)}`).join(', ')

test.skipIf(missing('chromium') !== undefined)('the example of the README runs as it is written', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const example = /### Video[\s\S]*?```(?:js|ts)\n([\s\S]*?)```/.exec(readme)?.[1] as string
  const { outputFiles } = await build({
    stdin: { contents: example, resolveDir: import.meta.dirname },
    alias: { isopix: join(import.meta.dirname, '../../src/index.ts') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['source'],
  })
  const page = await openPage<typeof functions>('chromium', { module, flags: COMPOSED })
  try {
    await page.window.stage(320, 180)
    await page.script((outputFiles[0] as { text: string }).text)
    expect(await page.window.shown()).toEqual({ width: 320, height: 180 })
    expect(await page.window.shown()).toEqual({ width: 320, height: 180 })
    expect(page.said.filter((text) => /error/i.test(text))).toEqual([])
  } finally {
    await page.close()
  }
})
