import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { definitionOf } from '../src/parse-steps.js'
import { BACKENDS, isBackend } from './contenders/index.js'
import { PEERS } from './peers/index.js'
import type { Setting } from './section.js'
import { SECTIONS } from './sections/index.js'

const SIZES: Readonly<Record<string, readonly [number, number]>> = {
  '64': [64, 64],
  vga: [640, 480],
  hd: [1920, 1080],
  '4k': [3840, 2160],
  '8k': [7680, 4320],
  '100mp': [11_600, 8_620],
}
const SMOKE_SIZE = [62, 44] as const

const HELP = `npm run bench -- [options]

  --section NAMES     all, or some of ${SECTIONS.map(({ name }) => name).join(', ')};
                      unless said otherwise peers where some are given, and else filters and chains
  --peers NAMES       beside other libraries: all, or some of ${PEERS.map(({ name }) => name).join(', ')}
  --backend NAMES     some of ${BACKENDS.join(', ')}, wasm-N (N threads)
  --filter NAME       this filter only; may be given several times
  --chains            chains of steps only
  --size SIZE         ${Object.keys(SIZES).join(', ')} or WIDTHxHEIGHT; 4k unless said otherwise
  --threads N         as many as the machine has cores unless said otherwise
  --rounds N          the most rounds of a timing
  --seconds N         about how long all rounds of a timing may take
  --quick             few rounds on a small image
  --smoke             everything once on a tiny image
  --json FILE         what was measured
  --report FILE       the same as a page with plots
  --from FILE         does not measure, but takes what another run wrote with --json
`

export interface Command {
  readonly sections: readonly string[]
  readonly setting: Setting
  readonly json: string | undefined
  readonly report: string | undefined
  readonly from: string | undefined
  /** Peers were asked for that have to be installed. */
  readonly install: boolean
}

export function parseCommand(args: readonly string[]): Command {
  const { values } = parseArgs({
    args: [...args],
    options: {
      section: { type: 'string', multiple: true },
      peers: { type: 'string', multiple: true },
      backend: { type: 'string', multiple: true },
      filter: { type: 'string', multiple: true },
      chains: { type: 'boolean', default: false },
      size: { type: 'string' },
      threads: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      json: { type: 'string' },
      report: { type: 'string' },
      from: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    process.exit(0)
  }
  const [width, height] = values.smoke ? SMOKE_SIZE : sizeOf(values.size ?? (values.quick ? 'hd' : '4k'))
  const filters = values.filter?.map((name) => definitionOf(name, '--filter: ').name)
  const peers = namesOf('--peers', values.peers, PEERS.map(({ name }) => name)) ?? []
  const usual = peers.length > 0 ? ['peers'] : values.chains ? ['chains'] : filters === undefined ? ['filters', 'chains'] : ['filters']
  return {
    sections: namesOf('--section', values.section, SECTIONS.map(({ name }) => name)) ?? usual,
    setting: {
      width,
      height,
      filters: filters ?? (values.chains ? [] : undefined),
      chains: values.chains || filters === undefined,
      backends: backendsOf(values.backend) ?? ['reference', 'wasm-inline', 'wasm', 'webgpu'],
      peers,
      threads: numberOf('--threads', values.threads) ?? availableParallelism(),
      rounds: values.smoke ? 1 : (numberOf('--rounds', values.rounds) ?? (values.quick ? 5 : 21)),
      milliseconds: 1000 * (numberOf('--seconds', values.seconds) ?? (values.quick ? 0.5 : 2)),
      smoke: values.smoke,
      log: (line) => void (process.stderr.isTTY && process.stderr.write(`\r\x1b[K${line}`)),
    },
    json: values.json,
    report: values.report,
    from: values.from,
    install: !values.smoke && peers.some((name) => PEERS.find((peer) => peer.name === name)?.packages),
  }
}

/** Names that were given, with commas between or one by one; undefined where none were. */
function namesOf(option: string, given: readonly string[] | undefined, known: readonly string[]): readonly string[] | undefined {
  const names = given?.flatMap((text) => text.split(','))
  if (names?.includes('all')) return known
  const wrong = names?.find((name) => !known.includes(name))
  if (wrong !== undefined) throw new Error(`${option}: expected all or some of ${known.join(', ')}, got "${wrong}"`)
  return names
}

function backendsOf(given: readonly string[] | undefined): readonly string[] | undefined {
  const names = given?.flatMap((text) => (text === 'all' ? BACKENDS : text.split(',')))
  const wrong = names?.find((name) => !isBackend(name))
  if (wrong !== undefined) throw new Error(`--backend: expected some of ${BACKENDS.join(', ')} or wasm-N, got "${wrong}"`)
  return names
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!(Number(text) > 0)) throw new Error(`${option}: expected a number above 0, got "${text}"`)
  return Number(text)
}

function sizeOf(text: string): readonly [number, number] {
  const [width, height] = SIZES[text] ?? text.split('x').map(Number)
  if (!Number.isInteger(width) || !Number.isInteger(height)) throw new Error(`--size: expected ${Object.keys(SIZES).join(', ')} or WIDTHxHEIGHT, got "${text}"`)
  return [width as number, height as number]
}
