// Results in a browser: as ImageData, as bitmaps, in canvases, and images that stay on the GPU.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { COMPOSED, missing } from '../helpers/browser.js'
import type * as functions from './draw.page.js'
import { BROWSERS, type OpenOptions, type Page, openPage } from './page.js'

const PAGE: OpenOptions = { module: join(import.meta.dirname, 'draw.page.ts') }

describe.each(BROWSERS)('in %s', (browser) => {
  const reason = missing(browser)
  let page: Page<typeof functions>

  beforeAll(async () => {
    if (reason === undefined) page = await openPage(browser, { ...PAGE, isolated: true, flags: ['--js-flags=--expose-gc'] })
  })
  afterAll(() => page?.close())

  describe.skipIf(reason !== undefined)('', () => {
    test.each(['wasm', 'webgpu'] as const)('results of %s are seen as they are, in a window and in a worker', async (backend) => {
      expect(await page.window.wrongs(backend, 'opaque-noise')).toEqual([])
      expect(await page.worker.wrongs(backend, 'opaque-noise')).toEqual([])
    })

    test.each(['wasm', 'webgpu'] as const)('results of %s with alpha are seen as nearly as canvases hold them', async (backend) => {
      expect(await page.window.wrongs(backend, 'noise')).toEqual([])
      expect(await page.worker.wrongs(backend, 'noise')).toEqual([])
    })

    test('what leaves the engine is not shared memory', async () => {
      expect(await page.window.isShared(false)).toBe(false)
      expect(await page.window.isShared(true)).toBe(false)
    })

    test('no canvas at all', async () => {
      expect(await page.window.refusal('nothing')).toEqual({ code: 'ERR_INVALID_ARGUMENT', message: 'drawTo: expected canvas to be a canvas, got Object (object)' })
    })

    test.skipIf(browser === 'firefox')('a canvas with another context', async () => {
      expect(await page.window.refusal('webgl')).toMatchObject({ code: 'ERR_UNSUPPORTED', message: /^drawTo: .*use another canvas$/ })
    })
    // Firefox has no way to ask for a collection.
    test.skipIf(browser === 'firefox').each(['wasm', 'webgpu'] as const)('images on %s that are forgotten give their memory back', async (backend) => {
      const { most, least } = await page.window.forget(backend, 30)
      expect(most).toBeGreaterThan(20 * 256 * 256 * 4)
      expect(least).toBeLessThan(10 * 256 * 256 * 4)
    })
  })
})

describe.each([
  ['chromium', COMPOSED],
  ['firefox', []],
] as const)('on hardware, in %s', (browser, flags) => {
  test.skipIf(missing(browser) !== undefined)('pixels go from the GPU to canvases without the CPU', async () => {
    const page = await openPage<typeof functions>(browser, { ...PAGE, flags })
    try {
      await page.window.pretendHardware()
      expect(await page.window.readbacksOfDrawing(5)).toEqual({ backend: 'webgpu', readbacks: 0 })
      expect(await page.window.wrongs('webgpu', 'opaque-noise')).toEqual([])
      expect(await page.window.wrongs('webgpu', 'noise')).toEqual([])
    } finally {
      await page.close()
    }
  })
})

test.skipIf(missing('chromium') !== undefined)('a browser that loses the device over a canvas of WebGPU is not asked for one again', async () => {
  const page = await openPage<typeof functions>('chromium', PAGE)
  try {
    await page.window.pretendHardware()
    expect(await page.window.keepTwice()).toEqual([
      { backend: 'webgpu', reason: expect.stringMatching(/^webgpu failed .*lost.* done again on a new device$/), wrong: null },
      { backend: 'webgpu', reason: 'asked for', wrong: null },
    ])
  } finally {
    await page.close()
  }
})
