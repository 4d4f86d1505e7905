// Long work on the caller's thread is cut into parts, of which each task does one.
import { expect, test } from 'vitest'
import { copyInBands } from '../../src/copy.js'
import { createEngine } from '../../src/engine.js'
import { flip, resize } from '../../src/filters/factories.js'
import { makeImage } from '../helpers/images.js'

const BAND_BYTES = 2 ** 21

test('copies of many calls make one band a task, and get their turn one after the other', async () => {
  const bands: string[] = []
  let tasks = 0
  let isOver = false
  const count = (): void => {
    tasks++
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  const bandsAt: number[] = []
  const copy = (name: string): Promise<void> =>
    copyInBands(3 * BAND_BYTES, 1, (from) => {
      bands.push(`${name}${from / BAND_BYTES}`)
      bandsAt.push(tasks)
    })
  await Promise.all(['a', 'b', 'c'].map(copy))
  isOver = true
  expect(bands).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'c1', 'a2', 'b2', 'c2'])
  expect(new Set(bandsAt).size).toBe(9)
})

test('a copy covers every byte once, in whole units, and what fits one band does not wait', async () => {
  for (const [length, unit] of [[1, 1], [BAND_BYTES, 4], [3 * 700_001, 3], [2 * BAND_BYTES + 12, 12], [30 * 100_003, 100_003]] as const) {
    const covered: [from: number, to: number][] = []
    const copied = copyInBands(length, unit, (from, to) => covered.push([from, to]))
    expect(covered.length, `${length} bytes`).toBe(length <= BAND_BYTES ? 1 : 0)
    await copied
    expect(covered.at(0)?.[0]).toBe(0)
    expect(covered.at(-1)?.[1]).toBe(length)
    covered.forEach(([from, to], index) => {
      expect(from).toBe(covered[index - 1]?.[1] ?? 0)
      expect(from % unit).toBe(0)
      expect(to - from).toBeLessThanOrEqual(BAND_BYTES)
    })
  }
})

test('planning pauses between steps whose tables take long, and hears of an abort then', async () => {
  await using engine = await createEngine({ threads: 0, gpu: false })
  const steps = Array.from({ length: 7 }, (_, index) => resize({ width: 2 ** 18 - index, height: 1 }))
  const controller = new AbortController()
  let ticks = 0
  const tick = (): void => {
    if (++ticks === 3) controller.abort(new Error('enough'))
    if (ticks < 3) setImmediate(tick)
  }
  setImmediate(tick)
  await expect(engine.apply(makeImage(9, 9, 4), steps, { signal: controller.signal })).rejects.toThrow('enough')
  expect(ticks).toBe(3)
})

test('a call of many phases, each too small for workers, pauses between them and hears of an abort then', async () => {
  await using engine = await createEngine({ threads: 2, gpu: false })
  const image = makeImage(300, 300, 4)
  const steps = Array.from({ length: 500 }, () => flip())
  expect((await engine.apply(image, steps)).run).toMatchObject({ threading: 'inline', passes: 500 })
  const controller = new AbortController()
  let begun = false
  const onProgress = (): void => {
    if (!begun) setImmediate(() => controller.abort(new Error('enough')))
    begun = true
  }
  await expect(engine.apply(image, steps, { signal: controller.signal, onProgress })).rejects.toThrow('enough')
})
