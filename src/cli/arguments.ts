// What a command line asks for. Nothing here reads a file's contents, decodes or filters.
import { parseArgs } from 'node:util'
import type { BackendName } from '../backends/backend.js'
import { InvalidArgumentError, nearest } from '../errors.js'
import type { Step } from '../filters/define.js'
import { findFilter } from '../filters/index.js'
import { definitionOf, nearestFilter, parseStepText } from '../parse-steps.js'

/** Options that every command that filters has. */
export interface RunOptions {
  readonly backend: BackendName | 'auto'
  readonly threads: number | undefined
}

export interface FilterFiles extends RunOptions {
  readonly kind: 'files'
  readonly inputs: readonly string[]
  /** Absent only where nothing is to be written. */
  readonly output: string | undefined
  /** A file with steps, which run before `steps`. */
  readonly stepsFile: string | undefined
  readonly steps: readonly Step[]
  readonly explain: boolean
}

export type Command =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'filters'; readonly name: string | undefined }
  | (RunOptions & { readonly kind: 'sample' })
  | FilterFiles

const OPTIONS = {
  output: { type: 'string', short: 'o' },
  steps: { type: 'string' },
  backend: { type: 'string' },
  threads: { type: 'string' },
  explain: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

const BACKENDS = ['auto', 'wasm', 'webgpu', 'reference'] as const
const MAX_THREADS = 32

/**
 * @param isFile Whether a path is a file that exists.
 * @throws InvalidArgumentError where the line cannot be understood.
 */
export function parseCommand(line: readonly string[], isFile: (path: string) => boolean): Command {
  const config = { args: [...line], options: OPTIONS, strict: false, allowPositionals: true, tokens: true } as const
  const { tokens }: { tokens: Tokens } = parseArgs(config)
  const options = readOptions(tokens, OPTIONS)
  if (options.has('help')) return { kind: 'help' }
  if (options.has('version')) return { kind: 'version' }
  const words = readWords(tokens)

  if (words[0]?.text === 'filters' && !words[0].isPath) {
    if (words.length > 2) throw new InvalidArgumentError(`filters: expected the name of one filter, got ${words.length - 1}`)
    return { kind: 'filters', name: words[1]?.text }
  }

  const run = { backend: readBackend(options.get('backend')), threads: readThreads(options.get('threads')) }
  const [output, stepsFile, explain] = [options.get('output'), options.get('steps'), options.has('explain')]
  if (words.length === 0 && output === undefined && stepsFile === undefined && !explain) return { kind: 'sample', ...run }

  const inputs: string[] = []
  const steps: Step[] = []
  for (const word of words) {
    const step = readWord(word, isFile)
    if (step === undefined) inputs.push(word.text)
    else steps.push(step)
  }
  if (inputs.length === 0) throw new InvalidArgumentError('no input file is given; see "isopix --help"')
  if (steps.length === 0 && stepsFile === undefined) {
    throw new InvalidArgumentError('no step is given, such as "gaussian-blur:sigma=2"; "isopix filters" lists the filters')
  }
  if (output === undefined && !explain) {
    throw new InvalidArgumentError('no output is given; add "-o FILE", or "-o FOLDER" for several inputs')
  }
  return { kind: 'files', ...run, inputs, output, stepsFile, steps, explain }
}

/** What `parseArgs` gives where it is not strict: its own types only know the options that are declared. */
export type Tokens = readonly (
  | { readonly kind: 'option'; readonly name: string; readonly rawName: string; readonly value?: string | undefined }
  | { readonly kind: 'positional'; readonly value: string }
  | { readonly kind: 'option-terminator' }
)[]

/** The options by their long names; a switch has an empty value. */
export function readOptions(tokens: Tokens, known: Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>): Map<string, string> {
  const found = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const option = Object.hasOwn(known, name) ? known[name] : undefined
    if (option === undefined) {
      const near = nearest(name, Object.keys(known))
      const hint = near === undefined ? '' : ` (did you mean --${near}?)`
      throw new InvalidArgumentError(`unknown option ${rawName}${hint}; see "isopix --help"`)
    }
    if (found.has(name)) throw new InvalidArgumentError(`${rawName} is given twice`)
    if (option.type === 'boolean' && value !== undefined) throw new InvalidArgumentError(`${rawName} takes no value, got "${value}"`)
    // Without its value an option would swallow the option after it.
    if (option.type === 'string' && (value === undefined || value === '' || /^--?[a-z]/.test(value))) {
      throw new InvalidArgumentError(`${rawName} needs a value${value ? `, got the option ${value}` : ''}`)
    }
    found.set(name, value ?? '')
  }
  return found
}

/** An argument that is no option. */
interface Word {
  readonly text: string
  /** It stands behind `--`, where everything is a path. */
  readonly isPath: boolean
  /** It stands behind -o OUTPUT, where steps stand. */
  readonly isLate: boolean
}

function readWords(tokens: Tokens): Word[] {
  const words: Word[] = []
  let isPath = false
  let isLate = false
  for (const token of tokens) {
    if (token.kind === 'option-terminator') isPath = true
    else if (token.kind === 'option') isLate ||= token.name === 'output'
    else words.push({ text: token.value, isPath, isLate })
  }
  return words
}

/**
 * The step that an argument is, or undefined where it is an input file. A filter's name, alone or before a colon, makes
 * a step; a path, an existing file or a name with an extension is an input; anything else is a mistake.
 */
function readWord({ text, isPath, isLate }: Word, isFile: (path: string) => boolean): Step | undefined {
  if (isPath || text === '') return undefined
  const name = text.split(':', 1)[0] as string
  const exists = isFile(text)
  if (findFilter(name) !== undefined) {
    if (!exists || isLate) return parseStepText(text)
    throw new InvalidArgumentError(
      `"${text}" is a filter and also a file here; write "./${text}" for the file, or put the step behind -o OUTPUT`,
    )
  }
  const isPathLike = /[\\/]/.test(name) || /^[a-z]:[\\/]/i.test(text) || (!text.includes(':') && /\.\w+$/.test(text))
  if (exists || isPathLike) return undefined
  if (isLate || text.includes(':') || nearestFilter(name) !== undefined) definitionOf(name)
  throw new InvalidArgumentError(`"${text}" is neither a file here nor a filter; "isopix filters" lists the filters`)
}

export function readBackend(text = 'auto'): RunOptions['backend'] {
  const backend = BACKENDS.find((name) => name === text)
  if (backend === undefined) throw new InvalidArgumentError(`--backend: expected one of ${BACKENDS.join(', ')}, got "${text}"`)
  return backend
}

export function readThreads(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const threads = Number(text)
  if (text.trim() !== '' && Number.isInteger(threads) && threads >= 0 && threads <= MAX_THREADS) return threads
  throw new InvalidArgumentError(`--threads: expected a whole number from 0 to ${MAX_THREADS}, got "${text}"`)
}
