// Large images are copied in and out while workers are at them.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { platform } from '#platform'
import { referenceBackend } from '../../src/backends/reference.js'
import { WasmBackend } from '../../src/backends/wasm/backend.js'
import { formsOf, stripsBySource } from '../../src/backends/wasm/forms.js'
import { crop, equalize, flip, gaussianBlur, invert, median, rotate90, sobel } from '../../src/filters/factories.js'
import type { Step } from '../../src/filters/define.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'
import { isSettled, jobOf, manualPool, settle } from '../helpers/manual-pool.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A promise, and what settles it. */
function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}

describe('a job that is fed', () => {
  test('has no strip taken before it is opened, and is drained of each when it is done', async () => {
    const { pool, runStrip } = manualPool()
    const second = gate()
    const drained: number[] = []
    const call = pool.run(
      jobOf(1, 2, {
        feed: async (open) => {
          open(1)
          await second.passed
          open(0)
        },
        drain: async (done) => {
          for (const strip of [1, 0]) {
            await done(strip)
            drained.push(strip)
          }
        },
      }),
    )
    await settle()
    const rows: number[] = []
    expect(runStrip(0, (_, y0) => rows.push(y0))).toBe(true)
    expect(runStrip(0)).toBe(false)
    expect(rows).toEqual([1])
    await settle()
    // All is fed before anything is drained.
    expect(drained).toEqual([])
    second.open()
    await settle()
    expect(drained).toEqual([1])
    expect(await isSettled(call)).toBe(false)
    expect(runStrip(1)).toBe(true)
    await call
    expect(drained).toEqual([1, 0])
  })

  test('tells of strips that are done while it is fed', async () => {
    const { pool, runStrip } = manualPool()
    const second = gate()
    const onStrip = vi.fn()
    const feed = async (open: (strip: number) => void): Promise<void> => {
      open(0)
      await second.passed
      open(1)
    }
    const call = pool.run(jobOf(1, 2, { onStrip, feed }))
    await settle()
    runStrip(0)
    second.open()
    await settle()
    expect(onStrip.mock.calls).toEqual([[1, 2]])
    runStrip(0)
    await call
  })

  test('lets go of the strips that were never opened when it is aborted, and takes none out', async () => {
    const { pool, runStrip } = manualPool()
    const controller = new AbortController()
    const never = gate()
    const drain = vi.fn()
    const feed = async (open: (strip: number) => void): Promise<void> => {
      open(0)
      await never.passed
      controller.signal.throwIfAborted()
    }
    const call = pool.run(jobOf(1, 3, { feed, drain, signal: controller.signal }))
    await settle()
    controller.abort(new Error('enough'))
    never.open()
    await expect(call).rejects.toThrow('enough')
    expect(runStrip(0)).toBe(false)
    expect(drain).not.toHaveBeenCalled()
  })

  test('fails as its feeding does, when strips in hand are done', async () => {
    const { pool, runStrip } = manualPool()
    const broken = gate()
    const call = pool.run(
      jobOf(1, 2, {
        feed: async (open) => {
          open(0)
          await broken.passed
          throw new TypeError('its memory is gone')
        },
      }),
    )
    call.catch(() => {})
    await settle()
    runStrip(0, () => broken.open())
    await expect(call).rejects.toThrow('its memory is gone')
    expect(runStrip(0)).toBe(false)
  })
})

describe('a strip needs the source up to', () => {
  const needs = (...steps: readonly Step[]): readonly (readonly [number, number])[] => {
    const [first] = formsOf(steps, { width: 8, height: 40, channels: 4, format: 'u8' }).forms
    if (first === undefined) throw new Error('no phase')
    return stripsBySource(first, 10).map((strip) => [strip.index, strip.needs])
  }

  test.each([
    ['its own last row', [invert()], [[0, 10], [1, 20], [2, 30], [3, 40]]],
    ['the row that its window ends at', [sobel()], [[0, 11], [1, 21], [2, 31], [3, 40]]],
    ['where it is mirrored to', [flip()], [[3, 10], [2, 20], [1, 30], [0, 40]]],
    ['its end, where each reads all of it', [rotate90({ turns: 1 })], [[0, 40]]],
    ['rows further down, where it is cropped', [crop({ left: 0, top: 20, width: 8, height: 20 })], [[0, 30], [1, 40]]],
  ])('%s', (_, steps, expected) => {
    expect(needs(...steps)).toEqual(expected)
  })
})

describe('calls', () => {
  const image = makeImage(200, 150, 4)
  const steps = [gaussianBlur({ sigma: 2 }), equalize()]
  const open = (options = {}): Promise<WasmBackend> =>
    WasmBackend.open({ threads: 2, rowsPerStrip: 10, bandBytes: 2000, inlineWork: 0, memoryBudgetBytes: 2 ** 26, ...options })

  test('write to the image that they read all of it or nothing', async () => {
    const backend = await open({ rowsPerStrip: 2 })
    // Strips that take their time, so that some are done long before others.
    const steps = [median({ radius: 4 })]
    for (let at = 0; at < 1; at += 0.1) {
      const same = { ...image, data: image.data.slice() }
      const controller = new AbortController()
      const onProgress = (fraction: number): void => {
        if (fraction >= at) controller.abort()
      }
      await expect(backend.run({ image: same, steps, into: same, signal: controller.signal, onProgress })).rejects.toThrow()
      expect(difference(same, image)).toBeUndefined()
    }
    const same = { ...image, data: image.data.slice() }
    await backend.run({ image: same, steps, into: same })
    expect(difference(same, (await referenceBackend.run({ image, steps })).image)).toBeUndefined()
    await backend.close()
  })

  test('write to another image of the caller\'s', async () => {
    const backend = await open()
    const into = { ...image, data: new Uint8ClampedArray(image.data.length) }
    await backend.run({ image, steps, into })
    expect(difference(into, (await referenceBackend.run({ image, steps })).image)).toBeUndefined()
    await backend.close()
  })

  test('leave a result in the engine without copying it', async () => {
    const backend = await open()
    const into = backend.createImage(image, false)
    const copy = vi.spyOn(platform, 'copy')
    await backend.run({ image, steps, into })
    expect(copy.mock.calls.reduce((sum, [, source]) => sum + source.length, 0)).toBe(image.data.length)
    expect(difference(into, (await referenceBackend.run({ image, steps })).image)).toBeUndefined()
    into.dispose()
    await backend.close()
  })

  test('begin before all of the image is there', async () => {
    const backend = await open()
    await backend.run({ image, steps })
    const { copy } = platform
    let copied = 0
    let early = false
    vi.spyOn(platform, 'copy').mockImplementation((target, source) => {
      copy(target, source)
      copied += source.length
    })
    const onProgress = (): void => {
      early ||= copied < image.data.length
      // Workers have all the time they need, whatever else this machine does.
      const until = performance.now() + 1
      while (performance.now() < until);
    }
    for (let round = 0; round < 50 && !early; round++) {
      copied = 0
      await backend.run({ image, steps: [invert()], onProgress })
    }
    expect(early).toBe(true)
    await backend.close()
  })
})

describe('bytes between ordinary memory and memory that is shared', () => {
  test('are copied to where they belong and nowhere else', () => {
    const ordinary = makeImage(50, 40, 1).data
    for (const memory of [new SharedArrayBuffer(4096), new ArrayBuffer(4096)]) {
      for (const [at, length] of [[0, 1], [3, 17], [1000, 900]] as const) {
        const source = ordinary.subarray(at, at + length)
        const all = new Uint8Array(memory).fill(9)
        platform.copy(all.subarray(at + 5, at + 5 + length), source)
        expect([...all.subarray(at, at + length + 10)]).toEqual([9, 9, 9, 9, 9, ...source, 9, 9, 9, 9, 9])
        const back = new Uint8ClampedArray(length)
        platform.copy(back, all.subarray(at + 5, at + 5 + length))
        expect(back).toEqual(source)
      }
    }
  })

  test('are allocated as memory of their own', () => {
    const { buffer, byteOffset, length } = platform.allocate(100)
    expect([buffer.byteLength, byteOffset, length]).toEqual([100, 0, 100])
  })
})
