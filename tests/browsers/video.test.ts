// A loop over the frames of a video: memory stays as it is. ISOPIX_VIDEO_FRAMES=1000 runs the long form, on wasm with frames
// of 1920 x 1080, and prints what it took.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { COMPOSED, FAKE_CAMERA, missing } from '../helpers/browser.js'
import { bundle } from '../helpers/bundle.js'
import { BROWSERS, type Page, openPage } from './page.js'
import type * as functions from './video.page.js'

const LONG = Number(process.env['ISOPIX_VIDEO_FRAMES'] ?? 0)
/** A GPU in software takes seconds for a large frame. */
const SMALL = [480, 270] as const
const LARGE = LONG ? ([1920, 1080] as const) : SMALL
/** What a process may take more or less without a leak. */
const NOISE_BYTES = 256 * 2 ** 20
const module = join(import.meta.dirname, 'video.page.ts')

const LOOPS = [
  { backend: 'wasm', keep: false, from: 'video', by: 'canvas', size: LARGE, frames: LONG || 100 },
  { backend: 'wasm', keep: true, from: 'frames', by: 'canvas', size: LARGE, frames: LONG || 100 },
  { backend: 'wasm', keep: false, from: 'video', by: 'camera', size: LARGE, frames: LONG || 100 },
  { backend: 'webgpu', keep: true, from: 'video', by: 'canvas', size: SMALL, frames: LONG || 30 },
] as const

describe.each(BROWSERS)('in %s', (browser) => {
  const reason = missing(browser)

  // A camera that is none, only Chromium has without a window.
  test.skipIf(reason !== undefined).each(LOOPS.filter(({ by }) => by === 'canvas' || browser === 'chromium'))(
    'a loop on $backend over the $from of a $by, results kept: $keep',
    async ({ size: [width, height], frames, ...loop }) => {
      const page = await openPage<typeof functions>(browser, { module, isolated: true, flags: FAKE_CAMERA })
      try {
        await page.window.start({ ...loop, width, height })
        // Until everything that is made once is made. Chromium paints the frames of cameras and films into memory that it shares between
        // its processes, and keeps that of the last 64 or so: half a GB at 1920 x 1080. It is as much where a page does nothing but
        // drawImage or createImageBitmap. Frames of RGB never take that road: their bytes are copied as they are.
        const first = Math.min(100, Math.ceil(frames / 4))
        const early = { ...(await page.window.run(first)), ...(await memoryOf(page)) }
        const late = { ...(await page.window.run(frames - first)), ...(await memoryOf(page)) }
        if (LONG) console.log(browser, width, height, JSON.stringify(loop), describeReport(early), '|', describeReport(late))
        expect(late).toMatchObject({ openFrames: 0, openBitmaps: 0, arenaBytesUsed: early.arenaBytesUsed })
        if (browser === 'chromium' && loop.by === 'canvas' && !loop.keep) expect(late.bitmapsMade).toBe(0)
        expect(late.arenaBytesReserved).toBeLessThanOrEqual(early.arenaBytesReserved)
        expect(late.gpuBytesAllocated).toBeLessThanOrEqual(early.gpuBytesAllocated)
        // The camera was filmed, and not one picture again and again.
        expect(late.changed).toBeGreaterThan((frames - first) / 2)
        const frameBytes = width * height * 4
        expect(late.heap - early.heap).toBeLessThan(4 * frameBytes)
        expect(late.resident - early.resident).toBeLessThan(NOISE_BYTES)
      } finally {
        await page.close()
      }
    },
    LONG ? 3_600_000 : 240_000,
  )

  async function memoryOf(page: Page<typeof functions>): Promise<{ heap: number; resident: number }> {
    // Firefox tells nothing of its heap.
    const heap = browser === 'chromium' ? await page.heapBytes() : 0
    return { heap, resident: process.platform === 'linux' ? page.residentBytes() : 0 }
  }
})

const describeReport = (report: Readonly<Record<string, number>>): string =>
  Object.entries(report).map(([name, value]) => `${name} ${/Bytes|heap|resident/.test(name) ? `${(value / 2 ** 20).toFixed(1)} MiB` : Math.round(value)}`).join(', ')

test.skipIf(missing('chromium') !== undefined)('the example of the README runs as it is written', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const example = /### Video[\s\S]*?```(?:js|ts)\n([\s\S]*?)```/.exec(readme)?.[1] as string
  const script = await bundle(example, 'browser', { isopix: join(import.meta.dirname, '../../src/index.ts') })
  const page = await openPage<typeof functions>('chromium', { module, flags: COMPOSED })
  try {
    await page.window.stage(320, 180)
    await page.tab.addScriptTag({ content: script, type: 'module' })
    expect(await page.window.shown()).toEqual({ width: 320, height: 180 })
    expect(await page.window.shown()).toEqual({ width: 320, height: 180 })
    expect(page.said.filter((text) => /error/i.test(text))).toEqual([])
  } finally {
    await page.close()
  }
})
