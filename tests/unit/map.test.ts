// Many images through steps: order, room, errors, and every way to end.
import { getEventListeners } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Engine, type Image, type ImageLike, type MapProgress, type OnError, type MapSource, createEngine, crop, gaussianBlur, invert, map } from '../../src/index.js'
import { mapImages } from '../../src/map.js'
import { difference } from '../helpers/compare.js'
import { makeImage } from '../helpers/images.js'

let engine: Engine
beforeAll(async () => {
  engine = await createEngine({ threads: 2, gpu: false })
})
afterAll(() => engine.close())
afterEach(() => expect(engine.stats().arenaBytesUsed, 'no call holds memory').toBe(0))

const turns = async (count = 20): Promise<void> => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const never = <T>(): Promise<T> => new Promise(() => undefined)
const tiny = (seed = 1): Image => makeImage(9, 7, 4, 'noise', seed)
/** Enough for workers to take part. */
const LARGE = makeImage(500, 400, 4)
const STEPS = [gaussianBlur({ sigma: 2 }), invert()]

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const result of results) all.push(result)
  return all
}
const indexes = async (results: AsyncIterable<{ index: number }>): Promise<number[]> => (await collect(results)).map(({ index }) => index)

/** Sources that count what is in memory: loaded, or being loaded, and not released by the consumer. */
class Counted {
  readonly loads: number[] = []
  readonly aborted = new Set<number>()
  loading = 0
  held = 0
  mostHeld = 0
  closed = false

  source(index: number, image: () => ImageLike | Promise<ImageLike> = tiny): MapSource {
    return async (signal) => {
      signal.addEventListener('abort', () => this.aborted.add(index))
      this.loads.push(index)
      this.loading++
      this.mostHeld = Math.max(this.mostHeld, ++this.held)
      try {
        return await image()
      } finally {
        this.loading--
      }
    }
  }

  *sources(count: number, image?: (index: number) => ImageLike | Promise<ImageLike>): Generator<MapSource> {
    try {
      for (let index = 0; index < count; index++) yield this.source(index, image && (() => image(index)))
    } finally {
      this.closed = true
    }
  }

  release(): void {
    this.held--
  }
}

describe('results', () => {
  test('are what apply gives, in the order of the sources', async () => {
    const images = Array.from({ length: 12 }, (_, i) => makeImage(300 - 20 * i, 200 + i, i % 2 === 0 ? 4 : 3, 'noise', i))
    const results = await collect(engine.map(images, STEPS, { concurrency: 4 }))
    expect(results.map(({ index }) => index)).toEqual(images.map((_, i) => i))
    for (const { index, image } of results) {
      expect(difference(image, await engine.apply(images[index] as Image, STEPS))).toBeUndefined()
      expect(image.run.backend).toBe('wasm')
    }
  })

  test('keep their order when the first takes longest', async () => {
    const sources = [() => pause(30).then(() => tiny()), () => tiny(), () => tiny(), () => tiny(), () => tiny()]
    expect(await indexes(engine.map(sources, STEPS, { concurrency: 3 }))).toEqual([0, 1, 2, 3, 4])
  })

  test('come as they are ready when asked for', async () => {
    const sources = [() => pause(60).then(() => tiny()), () => tiny(), () => pause(5).then(() => tiny()), () => tiny()]
    const order = await indexes(engine.map(sources, STEPS, { concurrency: 4, ordered: false }))
    expect(order.at(-1)).toBe(0)
    expect([...order].sort()).toEqual([0, 1, 2, 3])
  })

  test('of images, promises and functions, in lists, sets, generators and async generators', async () => {
    const items: MapSource[] = [tiny(1), Promise.resolve(tiny(2)), () => tiny(3), async () => tiny(4)]
    const expected = await Promise.all([1, 2, 3, 4].map((seed) => engine.apply(tiny(seed), STEPS)))
    const iterables = [
      items,
      new Set(items),
      (function* () {
        yield* items
      })(),
      (async function* () {
        for (const item of items) yield Promise.resolve(item) as Promise<never>
      })(),
    ]
    for (const sources of iterables) {
      const results = await collect(engine.map(sources, STEPS))
      expect(results.length).toBe(4)
      for (const { index, image } of results) expect(image.data).toEqual(expected[index]?.data)
    }
  })

  test('of nothing are none', async () => {
    expect(await collect(engine.map([], STEPS))).toEqual([])
    expect(await collect(engine.map((async function* () {})(), STEPS, { onError: 'settle', ordered: false }))).toEqual([])
  })

  test('without an engine', async () => {
    const [only] = await collect(map([tiny()], STEPS))
    expect(only?.image.data).toEqual((await engine.apply(tiny(), STEPS)).data)
  })

  test('of a backend that is asked for', async () => {
    const [only] = await collect(engine.map([tiny()], STEPS, { backend: 'reference' }))
    expect(only?.image.run).toMatchObject({ backend: 'reference', reason: 'asked for' })
  })

  test('of steps that are made for each image', async () => {
    const images = [makeImage(20, 10, 4), makeImage(31, 17, 3), makeImage(8, 8, 1)]
    const half = ({ width, height }: ImageLike) => [crop({ left: 0, top: 0, width: Math.ceil(width / 2), height })]
    const results = await collect(engine.map(images, async (image, index) => [...half(image), ...(index === 1 ? [invert()] : [])]))
    expect(results.map(({ image }) => image.width)).toEqual([10, 16, 4])
    expect(results[1]?.image.data[0]).toBe(255 - (images[1]?.data[0] as number))
  })
})

describe('room', () => {
  const modes = [1, 2, 5].flatMap((concurrency) => [true, false].map((ordered) => ({ concurrency, ordered })))

  test.each(modes)('is for no more images than concurrency $concurrency, ordered $ordered, however slow the consumer', async (options) => {
    for (const slow of [0, 3]) {
      const counted = new Counted()
      const sources = counted.sources(25, (index) => pause((index * 7) % 4).then(() => tiny(index)))
      for await (const _ of engine.map(sources, STEPS, options)) {
        if (slow > 0) await pause(slow)
        expect(counted.held).toBeLessThanOrEqual(options.concurrency)
        counted.release()
      }
      expect(counted.loads.length).toBe(25)
      expect(counted.mostHeld).toBe(options.concurrency)
      expect(counted.closed).toBe(true)
    }
  })

  test('is not made by waiting: a consumer that stands still stops the loading', async () => {
    const counted = new Counted()
    const results = engine.map(counted.sources(100), STEPS, { concurrency: 3 })
    for (let i = 0; i < 4; i++) {
      await results.next()
      await turns()
      expect(counted.loads.length, 'two behind the one that the consumer has').toBe(i + 3)
      counted.release()
    }
    await results.return(undefined)
  })

  test('is kept for a slow first image, and for those behind it when order matters', async () => {
    let finish = (_: ImageLike): void => undefined
    const first = new Promise<ImageLike>((resolve) => (finish = resolve))
    const counted = new Counted()
    const results = engine.map(counted.sources(100, (index) => (index === 0 ? first : tiny())), STEPS, { concurrency: 4 })
    const next = results.next()
    await turns()
    expect(counted.loads).toEqual([0, 1, 2, 3])
    finish(tiny())
    expect((await next).value?.index).toBe(0)
    await results.return(undefined)
  })

  test('is not used before the first result is asked for', async () => {
    const counted = new Counted()
    const results = engine.map(counted.sources(5), STEPS)
    await turns()
    expect(counted.loads).toEqual([])
    expect(await results.return(undefined)).toEqual({ done: true, value: undefined })
    expect(await results.next()).toEqual({ done: true, value: undefined })
    expect(counted.loads).toEqual([])
  })

  test('of images that are left out is used again', async () => {
    const counted = new Counted()
    const bad = (index: number): ImageLike => {
      counted.release()
      if (index % 10 !== 0) throw new Error('bad')
      return tiny()
    }
    expect(await indexes(engine.map(counted.sources(31, bad), STEPS, { concurrency: 2, onError: 'skip' }))).toEqual([0, 10, 20, 30])
  })

  test('is enough for sources without end', async () => {
    let made = 0
    async function* endless(): AsyncGenerator<MapSource> {
      for (;;) yield tiny(made++)
    }
    let seen = 0
    for await (const { index } of engine.map(endless(), STEPS, { concurrency: 3 })) {
      expect(index).toBe(seen)
      if (++seen === 50) break
    }
    expect(made).toBeLessThanOrEqual(53)
  })
})

const reason = new Error('this one')
/** Three ways in which an image fails. */
const failures: readonly (readonly [string, MapSource, { message: string }])[] = [
  ['a function that throws', () => Promise.reject(reason), reason],
  ['a promise that rejects', rejected(), reason],
  ['an image that is none', { width: 3, height: 3, data: new Uint8Array(5) }, { message: 'apply: expected image.data to hold 1, 3 or 4 bytes a pixel, got 5 bytes for 3 x 3' }],
]
function rejected(): Promise<never> {
  const promise = Promise.reject<never>(reason)
  promise.catch(() => undefined)
  return promise
}

describe.each(failures)('%s', (_, bad, expected) => {
  test('ends the iteration at once, and the other work with it', async () => {
    const counted = new Counted()
    function* sources(): Generator<MapSource> {
      try {
        yield counted.source(0, never<ImageLike>)
        yield counted.source(1)
        yield bad
        yield* counted.sources(10)
      } finally {
        counted.closed = true
      }
    }
    const results = engine.map(sources(), STEPS, { concurrency: 3 })
    await expect(results.next()).rejects.toMatchObject(expected)
    expect(counted.aborted).toContain(0)
    expect(counted.closed).toBe(true)
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })

  test('is left out', async () => {
    const progress: MapProgress[] = []
    const options = { onError: 'skip', onProgress: (entry: MapProgress) => progress.push(entry) } as const
    expect(await indexes(engine.map([tiny(), bad, tiny(), bad], STEPS, options))).toEqual([0, 2])
    expect(await indexes(engine.map([bad, tiny(), bad], STEPS, { ...options, ordered: false }))).toEqual([1])
    expect(await indexes(engine.map([bad, bad, bad], STEPS, { ...options, concurrency: 1 }))).toEqual([])
    expect(progress.at(-1)).toMatchObject({ fraction: 1, done: 0, failed: 3, total: 3 })
  })

  test('is given in its place', async () => {
    for (const ordered of [true, false]) {
      const results = await collect(engine.map([tiny(), bad, tiny()], STEPS, { onError: 'settle', ordered }))
      results.sort((a, b) => a.index - b.index)
      expect(results.map(({ image }) => image?.width)).toEqual([9, undefined, 9])
      expect(results[1]?.error).toMatchObject(expected)
    }
  })
})

test.each(['throw', 'skip', 'settle'] as const)('steps that fail for an image are its failure: %s', async (onError) => {
  const steps = (_: ImageLike, index: number) => {
    if (index === 1) throw reason
    return index === 2 ? [crop({ left: 0, top: 0, width: 99, height: 1 })] : STEPS
  }
  const results = collect(engine.map([tiny(), tiny(), tiny(), tiny()], steps, { onError }))
  if (onError === 'throw') return expect(results).rejects.toBe(reason)
  expect((await results).map(({ index, error }) => error ?? index)).toEqual(onError === 'skip' ? [0, 3] : [0, reason, expect.objectContaining({ code: 'ERR_STEP' }), 3])
})

test('a list with promises that fail before their turn', async () => {
  const sources = Array.from({ length: 30 }, (_, i): MapSource => (i < 2 ? () => pause(20).then(() => tiny()) : Promise.reject(new Error(`${i}`))))
  await expect(collect(engine.map(sources, STEPS, { concurrency: 1 }))).rejects.toThrow('2')
  await turns()
})

describe.each(['throw', 'skip', 'settle'] as const)('sources that fail, onError %s', (onError) => {
  test.each([0, 1, 4])('after %i images', async (good) => {
    let closed = 0
    const failing = (isAsync: boolean): object => ({
      [isAsync ? Symbol.asyncIterator : Symbol.iterator]() {
        let given = 0
        return {
          next() {
            if (given++ < good) return { done: false, value: () => tiny() }
            if (isAsync) return Promise.reject(reason)
            throw reason
          },
          return: () => closed++,
        }
      },
    })
    for (const isAsync of [false, true]) {
      const results = engine.map(failing(isAsync) as Iterable<MapSource>, STEPS, { onError, concurrency: 2 })
      await expect(collect(results)).rejects.toBe(reason)
      expect(await results.next()).toMatchObject({ done: true })
    }
    expect(closed, 'who threw is not closed').toBe(0)
  })

  test('before the first', async () => {
    const broken = {
      [Symbol.iterator]() {
        throw reason
      },
    }
    await expect(collect(engine.map(broken, STEPS, { onError }))).rejects.toBe(reason)
    const noResult = { [Symbol.iterator]: () => ({ next: () => undefined }) }
    await expect(collect(engine.map(noResult as never, STEPS, { onError }))).rejects.toThrow(TypeError)
  })
})

describe('abort', () => {
  /** Runs with a signal that is aborted at the n-th event; gives back how many events there were. */
  async function abortAt(n: number, options: { ordered: boolean; onError: OnError }): Promise<{ events: number; results: number; error: unknown; counted: Counted }> {
    const controller = new AbortController()
    let events = 0
    const event = (): void => {
      if (events++ === n) controller.abort(reason)
    }
    const counted = new Counted()
    async function* sources(): AsyncGenerator<MapSource> {
      try {
        for (let index = 0; index < 5; index++) {
          event()
          await turns(1)
          event()
          yield counted.source(index, async () => {
            event()
            await turns(1)
            event()
            return index === 2 && options.onError !== 'throw' ? (null as never) : LARGE
          })
        }
      } finally {
        counted.closed = true
      }
    }
    const steps = (): typeof STEPS => {
      event()
      return STEPS
    }
    let mostFailed = 0
    const onProgress = ({ failed }: MapProgress): void => {
      event()
      mostFailed = Math.max(mostFailed, failed)
    }
    let error: unknown
    let results = 0
    try {
      for await (const _ of engine.map(sources(), steps, { ...options, concurrency: 2, signal: controller.signal, onProgress })) {
        results++
        event()
        await turns(1)
        event()
      }
    } catch (caught) {
      error = caught
    }
    expect(engine.stats().arenaBytesUsed, `no call runs after event ${n}`).toBe(0)
    expect(mostFailed, 'what was aborted did not fail').toBeLessThanOrEqual(1)
    expect(getEventListeners(controller.signal, 'abort'), 'nobody listens any more').toEqual([])
    return { events, results, error, counted }
  }

  test.each([
    { ordered: true, onError: 'throw' },
    { ordered: false, onError: 'settle' },
    { ordered: true, onError: 'skip' },
  ] as const)('at every moment, $ordered $onError', async (options) => {
    const whole = await abortAt(-1, options)
    expect(whole.error).toBeUndefined()
    expect(whole.events).toBeGreaterThan(40)
    for (let n = 0; n < whole.events; n++) {
      const { error, results, events, counted } = await abortAt(n, options)
      // With the last result nothing is left to abort; and some runs have fewer events.
      if (error !== undefined || results < whole.results) expect(error, `event ${n} of ${events}`).toBe(reason)
      const { length } = counted.loads
      await turns(3)
      expect(counted.loads.length, `event ${n}`).toBe(length)
      expect(counted.loading, `event ${n}`).toBe(0)
      expect(counted.closed, `event ${n}`).toBe(true)
    }
    const [next] = await collect(engine.map([LARGE], STEPS))
    expect(difference(next?.image as Image, await engine.apply(LARGE, STEPS))).toBeUndefined()
  })

  test('stops the calls themselves', async () => {
    const stopped: unknown[] = []
    const untilAborted: Parameters<typeof mapImages>[0] = (_, __, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(stopped[stopped.push(signal.reason) - 1])))
    const controller = new AbortController()
    const results = mapImages(untilAborted, [tiny(), tiny(), tiny()], STEPS, { concurrency: 2, signal: controller.signal })
    const next = results.next()
    await turns()
    controller.abort(reason)
    await expect(next).rejects.toBe(reason)
    expect(stopped).toEqual([reason, reason])
  })

  test('before the call and before the first result: nothing is loaded', async () => {
    const counted = new Counted()
    const controller = new AbortController()
    const later = engine.map(counted.sources(3), STEPS, { signal: controller.signal })
    controller.abort(reason)
    await expect(later.next()).rejects.toBe(reason)
    await expect(engine.map(counted.sources(3), STEPS, { signal: controller.signal }).next()).rejects.toBe(reason)
    expect(counted.loads).toEqual([])
  })

  test('by a timeout, of an image that never comes and does not listen', async () => {
    const results = engine.map([() => tiny(), never], STEPS, { signal: AbortSignal.timeout(1000) })
    expect((await results.next()).value?.index).toBe(0)
    await expect(results.next()).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('by a timeout, of steps and of sources that never come', async () => {
    await expect(collect(engine.map([tiny()], never<never>, { signal: AbortSignal.timeout(20) }))).rejects.toMatchObject({ name: 'TimeoutError' })
    async function* silent(): AsyncGenerator<MapSource> {
      yield await never<MapSource>()
    }
    await expect(collect(engine.map(silent(), STEPS, { signal: AbortSignal.timeout(20) }))).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  test('after the end changes nothing', async () => {
    const controller = new AbortController()
    const results = engine.map([tiny()], STEPS, { signal: controller.signal })
    await collect(results)
    controller.abort()
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })
})

test('functions may listen to their signals and forget about it', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error): number => warnings.push(warning)
  process.on('warning', warned)
  const counted = new Counted()
  await collect(engine.map(counted.sources(60), STEPS, { concurrency: 30 }))
  await turns()
  process.off('warning', warned)
  expect(warnings).toEqual([])
})

describe('leaving the loop', () => {
  test.each(['break', 'return', 'throw'])('by %s stops what runs and closes the sources', async (how) => {
    const counted = new Counted()
    const results = engine.map(counted.sources(100, (index) => (index < 2 ? LARGE : pause(2).then(() => LARGE))), STEPS, { concurrency: 4 })
    const leave = async (): Promise<void> => {
      for await (const _ of results) {
        if (how === 'break') break
        if (how === 'return') return
        throw reason
      }
    }
    if (how === 'throw') await expect(leave()).rejects.toBe(reason)
    else await leave()
    expect(engine.stats().arenaBytesUsed).toBe(0)
    expect(counted.closed).toBe(true)
    const { length } = counted.loads
    expect(length).toBeLessThanOrEqual(5)
    await pause(10)
    expect(counted.loads.length).toBe(length)
    expect(await results.next()).toEqual({ done: true, value: undefined })
  })

  test('tells functions that are still loading, and does not wait for them', async () => {
    const counted = new Counted()
    const sources = [counted.source(0), counted.source(1, never<ImageLike>), counted.source(2, () => pause(5).then(() => Promise.reject(new Error('late'))))]
    for await (const _ of engine.map(sources, STEPS, { concurrency: 3 })) break
    expect([...counted.aborted].filter((index) => index > 0)).toEqual([1, 2])
    await pause(15)
  })

  test('waits for the sources to close, and tells when they cannot', async () => {
    let closed = false
    async function* slow(): AsyncGenerator<MapSource> {
      try {
        for (;;) yield tiny()
      } finally {
        await pause(10)
        closed = true
      }
    }
    for await (const _ of engine.map(slow(), STEPS)) break
    expect(closed).toBe(true)
    function* sour(): Generator<MapSource> {
      try {
        for (let i = 0; i < 50; i++) yield tiny()
      } finally {
        // oxlint-disable-next-line no-unsafe-finally
        throw reason
      }
    }
    const leave = async (): Promise<void> => {
      for await (const _ of engine.map(sour(), STEPS)) break
    }
    await expect(leave()).rejects.toBe(reason)
    await expect(collect(engine.map(sour(), () => Promise.reject(new Error('first'))))).rejects.toThrow('first')
  })

  test('while the sources owe an image', async () => {
    async function* stuck(): AsyncGenerator<MapSource> {
      yield tiny()
      yield await never<MapSource>()
    }
    for await (const _ of engine.map(stuck(), STEPS, { concurrency: 3 })) break
    let owe = (_: unknown): void => undefined
    async function* late(): AsyncGenerator<MapSource> {
      yield tiny()
      await new Promise((resolve) => (owe = resolve))
      yield { then: (_: unknown, reject: (error: unknown) => void) => reject(new Error('late')) } as never
    }
    for await (const _ of engine.map(late(), STEPS, { concurrency: 3 })) break
    owe(undefined)
    await turns()
  })

  test('while a result is asked for', async () => {
    const counted = new Counted()
    const results = engine.map([counted.source(0, never<ImageLike>)], STEPS)
    const asked = [results.next(), results.next()]
    await turns()
    expect(await results.return(undefined)).toEqual({ done: true, value: undefined })
    expect(await Promise.all(asked)).toEqual([{ done: true, value: undefined }, { done: true, value: undefined }])
    expect(counted.aborted).toContain(0)
  })

  test('at the end of a block', async () => {
    const counted = new Counted()
    {
      await using results = engine.map(counted.sources(9), STEPS)
      await results.next()
    }
    expect(counted.closed).toBe(true)
  })

  test('by throw()', async () => {
    const counted = new Counted()
    const results = engine.map(counted.sources(9), STEPS)
    await results.next()
    await expect(results.throw(reason)).rejects.toBe(reason)
    expect(counted.closed).toBe(true)
  })

  test('because the engine was closed', async () => {
    const other = await createEngine({ threads: 1, gpu: false })
    const results = other.map(new Counted().sources(9), STEPS)
    await results.next()
    await other.close()
    await expect(collect(results)).rejects.toMatchObject({ code: 'ERR_DISPOSED' })
    expect(() => other.map([], STEPS)).toThrow('map: the engine was closed')
  })
})

test('several may ask at once, and each gets another result', async () => {
  const counted = new Counted()
  const results = engine.map(counted.sources(7), STEPS, { concurrency: 2 })
  const all = await Promise.all(Array.from({ length: 9 }, () => results.next()))
  expect(all.map(({ value }) => value?.index)).toEqual([0, 1, 2, 3, 4, 5, 6, undefined, undefined])
})

test('progress counts, and follows every image', async () => {
  const seen: MapProgress[] = []
  const halfway: Parameters<typeof mapImages>[0] = async (_, __, { onProgress }) => {
    onProgress?.(0.5)
    return 'done'
  }
  const options = { concurrency: 1, onProgress: (progress: MapProgress) => seen.push(progress) }
  expect(await collect(mapImages(halfway, [tiny(), tiny()], STEPS, options))).toEqual([0, 1].map((index) => ({ index, image: 'done' })))
  expect(seen).toEqual([
    { index: 0, fraction: 0.5, done: 0, failed: 0, total: 2 },
    { index: 0, fraction: 1, done: 1, failed: 0, total: 2 },
    { index: 1, fraction: 0.5, done: 1, failed: 0, total: 2 },
    { index: 1, fraction: 1, done: 2, failed: 0, total: 2 },
  ])
  await collect(engine.map([LARGE, LARGE, LARGE], STEPS, { concurrency: 2, onProgress: (progress) => seen.push(progress) }))
  expect(seen.at(-1)).toMatchObject({ fraction: 1, done: 3, failed: 0, total: 3 })
  await collect(engine.map(new Counted().sources(2), STEPS, { onProgress: (progress) => seen.push(progress) }))
  expect(seen.at(-1)).toMatchObject({ done: 2, total: undefined })
})

test('an error in onProgress is not lost', async () => {
  const onProgress = (): never => {
    throw reason
  }
  for (const onError of ['throw', 'skip', 'settle'] as const) {
    await expect(collect(engine.map([tiny(), tiny()], STEPS, { onError, onProgress }))).rejects.toBe(reason)
  }
})

test.each([
  ['sources', [tiny(), STEPS], 'map: expected sources to be an iterable or async iterable of images, got Object (object)'],
  ['no sources', [undefined, STEPS], 'map: expected sources to be an iterable or async iterable of images, got nothing'],
  ['a name', ['photo.jpg', STEPS], 'got "photo.jpg" (string)'],
  ['steps', [[], invert()], 'map: expected steps to be an array of steps'],
  ['a step', [[], [invert]], 'map: expected steps[0] to be a step such as'],
  ['concurrency', [[], STEPS, { concurrency: 0 }], 'map: expected concurrency to be a whole number from 1 to 1024, got 0'],
  ['concurrency', [[], STEPS, { concurrency: Infinity }], 'map: expected concurrency to be a whole number from 1 to 1024, got Infinity'],
  ['ordered', [[], STEPS, { ordered: 'no' }], 'map: expected ordered to be true or false, got "no" (string)'],
  ['onError', [[], STEPS, { onError: 'ignore' }], 'map: expected onError to be one of throw, skip, settle, got "ignore" (string)'],
  ['signal', [[], STEPS, { signal: {} }], 'map: expected signal to be an AbortSignal, got Object (object)'],
  ['onProgress', [[], STEPS, { onProgress: 3 }], 'map: expected onProgress to be a function, got 3'],
  ['backend', [[], STEPS, { backend: 'cuda' }], 'map: expected backend to be one of auto, wasm, webgpu, reference, got "cuda" (string)'],
])('%s is checked at the call', (_, args, message) => {
  expect(() => engine.map(...(args as Parameters<Engine['map']>))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message: expect.stringContaining(message) }))
})
