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
  /** Files, folders and patterns. */
  readonly inputs: readonly string[]
  /** Absent only where nothing is to be written. */
  readonly output: string | undefined
  /** A file with steps, which run before `steps`. */
  readonly stepsFile: string | undefined
  readonly steps: readonly Step[]
  readonly explain: boolean
  /** Folders are entered with all that is in them. */
  readonly recursive: boolean
  /** What happens to the other files when one fails. */
  readonly onError: 'stop' | 'skip'
  /** What was done before and is unchanged is left as it is. */
  readonly resume: boolean
  /** The most pictures in memory. */
  readonly concurrency: number | undefined
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
  recursive: { type: 'boolean', short: 'r' },
  'on-error': { type: 'string' },
  resume: { type: 'boolean' },
  concurrency: { type: 'string' },
  explain: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const

const BACKENDS = ['auto', 'wasm', 'webgpu', 'reference'] as const
const MAX_THREADS = 32
const MAX_CONCURRENCY = 1024

export type PathKind = 'file' | 'folder' | undefined

/**
 * @param kindOf What there is at a path.
 * @throws InvalidArgumentError where the line cannot be understood.
 */
export function parseCommand(line: readonly string[], kindOf: (path: string) => PathKind): Command {
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

  const run = { backend: readBackend(options), threads: readThreads(options) }
  const [output, stepsFile, explain] = [options.get('output'), options.get('steps'), options.has('explain')]
  if (words.length === 0 && output === undefined && stepsFile === undefined && !explain) return { kind: 'sample', ...run }

  const inputs: string[] = []
  const steps: Step[] = []
  for (const word of words) {
    const step = readWord(word, kindOf)
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
  return {
    kind: 'files',
    ...run,
    inputs,
    output,
    stepsFile,
    steps,
    explain,
    recursive: options.has('recursive'),
    onError: readOneOf('on-error', ['stop', 'skip'], options),
    resume: options.has('resume'),
    concurrency: readWhole('concurrency', 1, MAX_CONCURRENCY, options),
  }
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
 * The step that an argument is, or undefined where it is an input. A filter's name, alone or before a colon, makes a
 * step; a path, a pattern, what exists or a name with an extension is an input; anything else is a mistake.
 */
function readWord({ text, isPath, isLate }: Word, kindOf: (path: string) => PathKind): Step | undefined {
  if (isPath || text === '') return undefined
  const name = text.split(':', 1)[0] as string
  const kind = kindOf(text)
  if (findFilter(name) !== undefined) {
    if (kind !== 'file' || isLate) return parseStepText(text)
    throw new InvalidArgumentError(
      `"${text}" is a filter and also a file here; write "./${text}" for the file, or put the step behind -o OUTPUT`,
    )
  }
  const isPathLike = /[\\/]/.test(name) || /^[a-z]:[\\/]/i.test(text) || (!text.includes(':') && /\.\w+$/.test(text))
  if (kind !== undefined || isPathLike || isPattern(name)) return undefined
  if (isLate || text.includes(':') || nearestFilter(name) !== undefined) definitionOf(name)
  throw new InvalidArgumentError(`"${text}" is neither a file or folder here nor a filter; "isopix filters" lists the filters`)
}

/** Whether a path that does not exist may stand for several that do. */
export const isPattern = (path: string): boolean => /[*?[{]/.test(path)

export const readBackend = (options: ReadonlyMap<string, string>): RunOptions['backend'] => readOneOf('backend', BACKENDS, options)

export const readThreads = (options: ReadonlyMap<string, string>): number | undefined => readWhole('threads', 0, MAX_THREADS, options)

function readOneOf<T extends string>(name: string, choices: readonly [T, ...T[]], options: ReadonlyMap<string, string>): T {
  const text = options.get(name) ?? choices[0]
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw new InvalidArgumentError(`--${name}: expected one of ${choices.join(', ')}, got "${text}"`)
}

function readWhole(name: string, min: number, max: number, options: ReadonlyMap<string, string>): number | undefined {
  const text = options.get(name)
  if (text === undefined) return undefined
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new InvalidArgumentError(`--${name}: expected a whole number from ${min} to ${max}, got "${text}"`)
}
