// The benchmark's own machinery: what is timed, in which order, and what is not.
import { expect, test } from 'vitest'
import { type Image, type Step, invert, linear, posterize, sepia } from '../../src/index.js'
import type { Contender, Prepared } from '../../bench/contender.js'
import { instructionsOf } from '../../bench/limits/arithmetic.js'
import { meaningOf } from '../../bench/peers/meaning.js'
import { contenderOf } from '../../bench/peers/peer.js'
import { differenceOf, isWithin } from '../../bench/difference.js'
import { pictureOf } from '../../bench/pictures.js'
import { htmlOf } from '../../bench/report/html.js'
import type { Run } from '../../bench/report/run.js'
import { SECTIONS } from '../../bench/sections/index.js'
import { type Summary, alternate, pair, summarise } from '../../bench/timing.js'
import { tableOf as speedOf } from '../../scripts/docs/speed.js'
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
  const samples = await alternate([fake('a', 9, log), fake('b', 18, log)], { rounds: 4, milliseconds: 1000 })
  // Two calls each to begin with.
  expect(log.join('')).toBe('aabbabbaabba')
  expect(samples).toEqual([
    [9, 9, 9, 9],
    [18, 18, 18, 18],
  ])
})

test('short calls are timed several at a time, after one that is not', async () => {
  const asked: number[] = []
  const short: Pick<Prepared, 'time'> = { time: async (calls) => (asked.push(calls), 3 * calls) }
  expect(await alternate([short], { rounds: 2, milliseconds: 1000 })).toEqual([[3, 3]])
  // Two to begin with.
  expect(asked).toEqual([1, 1, 1, 3, 1, 3])
})

test('who takes longer than all rounds may is called once', async () => {
  const log: string[] = []
  const { ratio, rounds } = await pair(fake('a', 3, log), fake('b', 3000, log), { rounds: 5, milliseconds: 1000 })
  expect(log.filter((name) => name === 'b')).toHaveLength(1)
  expect(ratio.median).toBe(1000)
  expect(rounds).toBe(1)
})

test('a call that was made already is not made again', async () => {
  const log: string[] = []
  const { ratio } = await pair(fake('a', 3, log), fake('b', 3000, log), { rounds: 5, milliseconds: 1000 }, [3, 3300])
  expect(log).not.toContain('b')
  expect(ratio.median).toBe(1100)
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

test('the arithmetic of tables: an inversion, a line, and one that is looked up', () => {
  const of = (step: Step): number | undefined => instructionsOf(compile([step], { width: 16, height: 1, channels: 4, format: 'u8' }, true))
  expect([of(invert()), of(linear({ scale: 1.1 })), of(posterize())]).toEqual([4, 76, 32])
})

/** What was measured: by peer and steps, how many times faster isopix is. */
function runOf(ratios: Readonly<Record<string, Readonly<Record<string, number>>>>): Run {
  const rows = Object.entries(ratios).flatMap(([peer, own]) =>
    Object.entries(own).map(([workload, median]) => {
      const [ratio, time] = [median, 2].map((value) => ({ median: value, low: value, high: value })) as [Summary, Summary]
      const memory = peer === 'opencv' ? 'resident' : 'ordinary'
      return { peer, workload, memory, width: 8, height: 6, difference: '', pair: { ratio, ours: time, theirs: time, rounds: 1 } }
    }),
  )
  const peers = Object.keys(ratios).map((name) => ({ name, about: `${name} 1`, beside: name === 'gpu.js webgpu' ? 'webgpu' : 'wasm' }))
  const machine = { processor: 'a & b', cores: 1, memoryGiB: 1, system: 'it', node: 'v1', date: 'today', command: 'it' }
  return { machine, sections: { peers: { peers, missing: [], rows } } }
}

test('the README names the fastest of the others, and leaves out what ran beside WebGPU', () => {
  const table = speedOf(runOf({ opencv: { invert: 2, median: 8 }, jimp: { invert: 9 }, photon: { invert: 4, sepia: 5 }, 'gpu.js webgpu': { invert: 1 } }))
  expect(table.split('\n').filter((line) => line.startsWith('|')).slice(2)).toEqual([
    '| invert | 2.00 | 2.00 |  | 4.00 (photon) |',
    '| median | 2.00 | 8.00 |  |  |',
    '| sepia |  |  |  | 5.00 (photon) |',
    '| **geometric mean** | | **4.00** |  | **4.47** |',
  ])
})

test('the report needs no other file', () => {
  const html = htmlOf(runOf({ it: { '<0>': 1.5, '<1>': 0.5 } }), SECTIONS)
  expect(html.match(/<svg/g)).toHaveLength(1)
  expect(html).toContain('a &amp; b')
  expect(html).toContain('<td>&lt;0></td>')
  expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/src=|href="(?!#)|https?:|@import/)
})
