// What a run says of the goals of speed.
import { expect, test } from 'vitest'
import { goalTables, verdictsOf } from '../../bench/goals/index.js'
import { TRIED } from '../../bench/goals/tried.js'
import { htmlOf } from '../../bench/report/html.js'
import type { Run } from '../../bench/report/run.js'
import { workloads } from '../../bench/workloads.js'

const machine = { processor: 'it', cores: 2, memoryGiB: 1, system: 'it', node: 'v1', date: 'today', command: 'it' }
const summary = (median: number) => ({ median, low: median, high: median })
const runOf = (sections: Run['sections']): Run => ({ machine, sections })

/** By peer and steps, how many times faster isopix is. */
function peersOf(ratios: Readonly<Record<string, Readonly<Record<string, number>>>>): Run['sections'] {
  const rows = Object.entries(ratios).flatMap(([peer, own]) =>
    Object.entries(own).map(([workload, ratio]) => ({ peer, workload, pair: { ratio: summary(ratio), ours: summary(10 / ratio), theirs: summary(10), rounds: 1 } })),
  )
  return { peers: { peers: [], missing: [], rows } }
}

const findingOf = (run: Run, words: string) => {
  const found = verdictsOf(run).filter(({ goal }) => goal.includes(words))
  expect(found).toHaveLength(1)
  return found[0]?.finding
}

test('a run that measured nothing says nothing', () => {
  expect(verdictsOf(runOf({})).every(({ finding }) => finding === undefined)).toBe(true)
  expect(goalTables(runOf({}))).toEqual([])
})

test('a mean beside OpenCV counts filters, and chains by themselves', () => {
  const run = runOf(peersOf({ opencv: { invert: 1, sepia: 4, 'chain: a': 1.5, 'chain: b': 2 } }))
  expect(findingOf(run, '1.5 times faster than native')).toEqual({ found: '2.00 times', met: true, misses: [] })
  expect(findingOf(run, 'no filter slower than native')).toMatchObject({ found: '2 of 2', met: true })
  expect(findingOf(run, 'chains twice')).toEqual({ found: '1 of 2', met: false, misses: [{ steps: 'chain: a', found: '1.50' }] })
  expect(findingOf(runOf(peersOf({ opencv: { invert: 1, sepia: 2 } })), '1.5 times faster than native')?.met).toBe(false)
})

test('of the other libraries the nearest one counts, and neither native code nor a GPU', () => {
  const run = runOf(peersOf({ opencv: { invert: 1 }, sharp: { invert: 2 }, 'gpu.js webasm': { invert: 3 }, jimp: { invert: 20 }, photon: { invert: 9 } }))
  expect(findingOf(run, '8 times faster')).toEqual({ found: '9.00 times', met: true, misses: [] })
  const slower = runOf(peersOf({ jimp: { invert: 4, sepia: 9 }, photon: { invert: 1 } }))
  expect(findingOf(slower, '8 times faster')).toEqual({
    found: '3.00 times',
    met: false,
    misses: [
      { steps: 'invert', found: '1.00, photon' },
      { steps: 'sepia', found: '9.00, jimp' },
    ],
  })
})

test('what is slower than sharp tells what the copies alone would leave', () => {
  const copies = { copies: { rows: [{ name: 'flip', copyIn: summary(4), work: summary(2), copyOut: summary(4), total: summary(10) }] } }
  const ratios = peersOf({ sharp: { flip: 0.5, crop: 0.9, sepia: 3 } })
  expect(findingOf(runOf({ ...ratios, ...copies }), 'slower than sharp')).toEqual({
    found: '1 of 3',
    met: false,
    misses: [
      { steps: 'flip', found: '0.50; 1.25 if it only copied in and out' },
      { steps: 'crop', found: '0.90' },
    ],
  })
})

const along = (series: string, ...times: readonly (readonly [at: number, ms: number])[]) => times.map(([at, ms]) => ({ series, at, time: summary(ms) }))

test('blurs and medians are flat beyond a radius of 16; others may grow', () => {
  const flat = [...along('box blur', [8, 9], [16, 4], [50, 4.5]), ...along('erode', [16, 1], [50, 9])]
  expect(findingOf(runOf({ radius: { samples: flat } }), 'radius')?.met).toBe(true)
  const finding = findingOf(runOf({ radius: { samples: [...flat, ...along('median', [16, 1], [32, 1.3])] } }), 'radius')
  expect(finding).toEqual({ found: 'at most 1.30', met: false, misses: [{ steps: 'median', workload: 'median 21x21', found: '1.30' }] })
})

test('a small call is judged by what it takes without any pixel', () => {
  const call = (overhead: number) => along('invert', ...[16, 64, 256].map((side) => [side, overhead + side * 0.001 + side * side * 1e-5] as const))
  expect(findingOf(runOf({ small: { samples: call(0.012) } }), 'small')).toMatchObject({ found: 'at most 12.00', met: true })
  expect(findingOf(runOf({ small: { samples: call(0.03) } }), 'small')?.met).toBe(false)
})

test('the time of a pixel is compared among images of a megapixel and more, beside a copy', () => {
  const samples = [...along('invert', [0.01, 5], [1, 2], [10, 25]), ...along('a copy, one thread', [1, 1], [10, 12])]
  expect(findingOf(runOf({ sizes: { samples } }), 'megapixel')).toEqual({
    found: 'at most 1.25, up to 10 MP; copying as many bytes 1.20',
    met: false,
    misses: [{ steps: 'invert', found: '1.25' }],
  })
})

const roofline = {
  limits: { copiedPerMs: summary(1000), instructionsPerMs: summary(1000) },
  rows: [
    { name: 'invert', time: summary(12), bytes: 16_000, instructions: 1000 },
    { name: 'sepia', time: summary(30), bytes: 2000, instructions: 10_000 },
  ],
}

test('threads have to gain where arithmetic is the limit', () => {
  const samples = [...along('invert', [1, 10], [2, 9]), ...along('sepia', [1, 10], [2, 5])]
  expect(findingOf(runOf({ threads: { samples } }), 'two threads')).toBeUndefined()
  expect(findingOf(runOf({ threads: { samples }, roofline }), 'two threads')).toEqual({ found: '1 of 1', met: true, misses: [] })
})

test('the dispatcher is judged by its mean and by its worst choice', () => {
  const cell = (name: string, inlineMs: number, threadsMs: number, wasmMs: number) => ({ name, width: 99, height: 9, work: 1, bytes: 1, stages: 1, inlineMs, threadsMs, wasmMs, simulatedMs: [] })
  const run = runOf({ regret: { threads: 2, adapter: 'none', times: [cell('a', 10, 20, 10), cell('b', 14, 10, 14)] } })
  expect(findingOf(run, 'what the dispatcher chooses')).toMatchObject({ found: 'at most 1.18', met: false })
  expect(findingOf(run, 'at worst')).toEqual({ found: 'at most 1.40', met: false, misses: [{ steps: 'inline or threads', found: '1.40' }] })
})

test('what falls short is shown with its distance from the limits, and with what was tried', () => {
  const run = runOf({ ...peersOf({ opencv: { invert: 0.5, sepia: 0.4, 'gaussian 2': 0.8, equalize: 2 } }), roofline })
  const [, short, tried] = goalTables(run)
  expect(short?.rows.slice(0, 3)).toEqual([
    ['no filter slower than native OpenCV', 'sepia', '0.40', '3.00', 'arithmetic'],
    ['', 'invert', '0.50', '1.50', 'memory'],
    ['', 'gaussian 2', '0.80', '', ''],
  ])
  expect(tried?.rows.length).toBeGreaterThan(0)
  // Of what falls short, and not of equalize; where a try was about several, after the first of them.
  expect(new Set(tried?.rows.map(([steps]) => (steps as string).replace(', …', '')))).toEqual(new Set(['sepia', 'invert', 'gaussian 2']))
  const html = htmlOf(run, [], goalTables(run))
  expect(html.indexOf('<section id="goals">')).toBeGreaterThan(0)
  expect(html.match(/<details open>/g)).toHaveLength(3)
})

test('every try is about steps that are measured or about a goal', () => {
  const names = [...workloads({ width: 64, height: 64 }).map(({ name }) => name), ...verdictsOf(runOf({})).map(({ goal }) => goal)]
  for (const { about, what } of TRIED) expect(names.some((name) => about.test(name)), what).toBe(true)
})
