// The README's table of speed and the goals in docs/speed.md, from what npm run bench wrote into bench/results.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { goalTables } from '../../bench/goals/index.js'
import type { Run } from '../../bench/report/run.js'
import { digits, geometricMean } from '../../bench/report/text.js'
import type { PeersData } from '../../bench/sections/peers.js'
import { table } from './table.js'

const FOLDER = 'bench/results'
/** Peers with a column of their own; of the others the fastest has one. */
const COLUMNS = { opencv: 'native OpenCV', sharp: 'sharp' } as const
const NONE = ''

type Row = PeersData['rows'][number]

/** One table for each machine. */
export const speed = (): string => ofEachRun(tableOf)

/** The goals on each machine, what falls short of them, and what was tried. */
export const goals = (): string =>
  ofEachRun((run) => [descriptionOf(run), ...goalTables(run).map(({ title, columns, rows }) => `### ${title}\n\n${table(columns, rows, '---')}`)].join('\n\n'))

function ofEachRun(text: (run: Run) => string): string {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((file) => file.endsWith('.json')).sort() : []
  if (files.length === 0) return 'No run is kept here yet.'
  return files.map((file) => text(JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Run)).join('\n\n')
}

const descriptionOf = ({ machine: { processor, cores, node, date } }: Run): string => `${processor}, ${cores} cores, Node ${node}, ${date}:`

export function tableOf(run: Run): string {
  const { sections } = run
  const found = sections['peers'] as PeersData
  const peers = found.peers.filter(({ beside }) => beside === 'wasm')
  const timed = found.rows.filter(({ peer, pair }) => pair !== undefined && peers.some(({ name }) => name === peer))
  const names = [...new Set(timed.map(({ workload }) => workload))]
  const lines = names.map((name) => {
    const own = timed.filter(({ workload }) => workload === name)
    const best = bestOf(own)
    const cells = [...Object.keys(COLUMNS).map((peer) => cell(own.find((row) => row.peer === peer))), best === undefined ? NONE : `${cell(best)} (${best.peer})`]
    return `| ${name} | ${milliseconds(own)} | ${cells.join(' | ')} |`
  })
  const means = [
    ...Object.keys(COLUMNS).map((peer) => meanOf(timed.filter((row) => row.peer === peer))),
    meanOf(names.flatMap((name) => bestOf(timed.filter(({ workload }) => workload === name)) ?? [])),
  ]
  const { width, height } = (timed.find(({ peer }) => peer in COLUMNS) ?? timed[0]) as Row
  return [
    `How many times faster than others on ${width} x ${height} RGBA; ${descriptionOf(run)}`,
    [
      `| steps | isopix, ms | ${Object.values(COLUMNS).join(' | ')} | the fastest other |`,
      '|---|---:|---:|---:|---:|',
      ...lines,
      `| **geometric mean** | | ${means.map((mean) => (mean === NONE ? NONE : `**${mean}**`)).join(' | ')} |`,
    ].join('\n'),
    `Versions: ${peers.map(({ about }) => about).join('; ')}.`,
  ].join('\n\n')
}

/** Of the peers without a column the one that is nearest to isopix, or furthest ahead. */
function bestOf(rows: readonly Row[]): Row | undefined {
  const others = rows.filter(({ peer }) => !(peer in COLUMNS))
  return others.sort((a, b) => ratioOf(a) - ratioOf(b))[0]
}

const ratioOf = ({ pair }: Row): number => pair?.ratio.median as number

/** In the engine's memory where that was timed. */
function milliseconds(rows: readonly Row[]): string {
  const row = rows.find(({ memory }) => memory === 'resident') ?? rows.find(({ peer }) => peer in COLUMNS)
  return row?.pair === undefined ? NONE : digits(row.pair.ours.median)
}

const cell = (row: Row | undefined): string => (row === undefined ? NONE : digits(ratioOf(row)))

const meanOf = (rows: readonly Row[]): string => (rows.length === 0 ? NONE : digits(geometricMean(rows.map(ratioOf))))
