// The benchmark's own machinery: what is timed, in which order, and what is not.
import { expect, test } from 'vitest'
import { type Image, type Step, invert, linear, posterize, sepia } from '../../src/index.js'
import type { Contender, Prepared } from '../../bench/contender.js'
import { instructionsOf } from '../../bench/limits/arithmetic.js'
import { meaningOf } from '../../bench/peers/meaning.js'
import { contenderOf } from '../../bench/peers/peer.js'
import { differenceOf, isWithin } from '../../bench/picture.js'
import { pictureOf } from '../../bench/pictures.js'
import { htmlOf } from '../../bench/report/html.js'
import { SECTIONS } from '../../bench/sections/index.js'
import { alternate, pair, summarise } from '../../bench/timing.js'
import { expectedOf, verify } from '../../bench/verify.js'
import { workloads } from '../../bench/workloads.js'
import { compile } from '../../src/plan.js'

/** Takes so many milliseconds a call, or so it says, and writes its name into a log. */
const fake = (name: string, milliseconds: number, log: string[] = []): Prepared => ({
  async time(calls) {
    log.push(name)
    return calls * milliseconds
  },
  result: async () => pictureOf(8, 8, 4),
  dispose: async () => undefined,
})

test('rounds alternate, and turn the order around every other time', async () => {
  const log: string[] = []
  const samples = await alternate([fake('a', 3, log), fake('b', 6, log)], { rounds: 4, milliseconds: 1000 })
  // Two calls each to begin with.
  expect(log.join('')).toBe('aabbabbaabba')
  expect(samples).toEqual([
    [3, 3, 3, 3],
    [6, 6, 6, 6],
  ])
})

test('who takes longer than all rounds may is called once', async () => {
  const log: string[] = []
  const { ratio, rounds } = await pair(fake('a', 3, log), fake('b', 3000, log), { rounds: 5, milliseconds: 1000 })
  expect(log.filter((name) => name === 'b')).toHaveLength(1)
  expect(ratio.median).toBe(1000)
  expect(rounds).toBe(1)
})

test('short calls are timed many at a time', async () => {
  let most = 0
  const short: Prepared = { ...fake('a', 0.01), time: async (calls) => ((most = Math.max(most, calls)), calls * 0.01) }
  expect(await alternate([short], { rounds: 1, milliseconds: 1000 })).toEqual([[0.01]])
  expect(most).toBeGreaterThanOrEqual(200)
})

test('quartiles', () => {
  expect(summarise([5, 1, 4, 2, 3])).toEqual({ median: 3, low: 2, high: 4 })
})

test('how far pictures are apart', () => {
  const image = pictureOf(8, 8, 4)
  const other = { ...image, data: image.data.map((level, i) => (i === 3 ? 0 : i === 5 ? level - 2 : level)) }
  expect(differenceOf(image, other)).toEqual({ mean: 257 / 256, most: 255 })
  expect(differenceOf(image, other, true)).toEqual({ mean: 2 / 192, most: 2 })
  expect(isWithin({ mean: 0.5, most: 5 }, { mean: 0.6, most: 4 })).toBe(false)
  expect(isWithin({ mean: 0.7, most: 3 }, { mean: 0.6, most: 4 })).toBe(false)
  expect(differenceOf(image, pictureOf(8, 7, 4)).size).toBe('8 x 8 x 4 instead of 8 x 7 x 4')
})

test('a backend with one wrong byte is not timed', async () => {
  const expected = await expectedOf([invert()], 4)
  const wrong = { ...expected.result, data: expected.result.data.map((level, i) => (i === 100 ? level ^ 1 : level)) }
  const contender = (result: Image): Contender => ({
    name: 'it',
    about: '',
    memory: 'ordinary',
    prepare: async () => ({ ...fake('it', 1), result: async () => result }),
    close: async () => undefined,
  })
  await verify(contender(expected.result), 'invert', expected)
  await expect(verify(contender(wrong), 'invert', expected)).rejects.toThrow("it, ordinary: invert does not give the reference's bytes")
})

test('a library frees all images but the result, once', async () => {
  const freed: string[] = []
  const library = contenderOf<string>({
    name: 'it',
    about: '',
    memory: 'ordinary',
    operation: ({ name }) => (name === 'equalize' ? undefined : { run: (image) => `${image}>${name}` }),
    from: () => 'source',
    to: () => pictureOf(8, 8, 4),
    free: (image) => void freed.push(image),
  })
  const prepared = (await library.prepare(pictureOf(8, 8, 4), [invert(), sepia()])) as Prepared
  await prepared.time(2)
  expect(freed).toEqual(['source', 'source>invert', 'source>invert>sepia', 'source', 'source>invert', 'source>invert>sepia'])
})

test('tables and matrices are read from the plan', () => {
  expect(meaningOf(invert()).table?.slice(0, 3)).toEqual([255, 254, 253])
  const { matrix } = meaningOf(sepia())
  expect(matrix?.[0]).toBeCloseTo(0.393, 3)
  expect([matrix?.[4], matrix?.slice(15)]).toEqual([0, [0, 0, 0, 1, 0]])
})

test('the arithmetic of every workload is counted', () => {
  const size = { width: 64, height: 48 }
  const uncounted = workloads(size).filter(({ steps, channels }) => instructionsOf(compile(steps, { ...size, channels, format: 'u8' }, true)) === undefined)
  expect(uncounted.map(({ name }) => name)).toEqual([])
})

test('a table that is a line takes less arithmetic than one that is not', () => {
  const of = (step: Step): number | undefined => instructionsOf(compile([step], { width: 16, height: 1, channels: 4, format: 'u8' }, true))
  expect([of(invert()), of(linear({ scale: 1.1 })), of(posterize())]).toEqual([4, 76, 128])
})

test('the report needs no other file', () => {
  const rows = [1.5, 0.5].map((median, i) => {
    const time = { median, low: median, high: median }
    return { peer: 'it', workload: `<${i}>`, memory: 'ordinary', width: 8, height: 8, difference: '', pair: { ratio: time, ours: time, theirs: time, rounds: 1 } }
  })
  const machine = { processor: 'a & b', cores: 1, memoryGiB: 1, system: '', node: '', date: '', command: '' }
  const html = htmlOf({ machine, sections: { peers: { peers: [{ name: 'it', about: 'it 1' }], missing: [], rows } } }, SECTIONS)
  expect(html.match(/<svg/g)).toHaveLength(1)
  expect(html).toContain('a &amp; b')
  expect(html).toContain('<td>&lt;0></td>')
  expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/src=|href="(?!#)|https?:|@import/)
})
