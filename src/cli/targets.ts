// Which file each input becomes.
import { type BigIntStats, realpathSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { InvalidArgumentError } from '../errors.js'
import type { Codec } from './files.js'
import type { Inputs } from './inputs.js'

export interface Target {
  readonly input: string
  readonly output: string
}

export interface Targets {
  readonly targets: readonly Target[]
  /** The folder that the results go to; undefined where the output is one file. */
  readonly folder: string | undefined
}

/**
 * The file that each input becomes. Several inputs, a search, an existing folder or a name that ends in a slash put the
 * results into a folder, each in its input's place (as PNG where the input's format cannot be written).
 * @throws InvalidArgumentError, before anything is read or written.
 */
export function targetsOf({ files, search }: Inputs, output: string, codec: Codec): Targets {
  const found = statOf(output)
  const isFolder = found?.isDirectory() || /[\\/]$/.test(output)
  const isMany = files.length > 1 || search !== undefined
  if (isMany && !isFolder && (codec.canWrite(output) || found !== undefined)) {
    const who = search === undefined ? `${files.length} inputs need` : `"${search}" needs`
    throw new InvalidArgumentError(`${who} a folder as output, and "${output}" is a file`)
  }
  const folder = isFolder || isMany ? output : undefined
  const targets = files.map(({ path, place }) => ({
    input: path,
    output: folder === undefined ? output : join(folder, placeOf(place, folder, codec)),
  }))
  for (const target of targets) check(target, codec)
  checkDistinct(targets)
  checkOverwrites(targets)
  return { targets, folder }
}

function placeOf(place: string, folder: string, codec: Codec): string {
  if (place.split(/[\\/]/).includes('..')) throw new InvalidArgumentError(`"${place}" leads out of the output folder "${folder}"`)
  return codec.canWrite(place) ? place : `${place.slice(0, place.length - extname(place).length)}.png`
}

function check({ output }: Target, codec: Codec): void {
  if (!codec.canWrite(output)) {
    const extension = extname(output)
    const got = extension === '' ? 'has no extension' : `has the extension "${extension}"`
    const wanted = codec.extensions.map((name) => `.${name}`).join(', ')
    throw new InvalidArgumentError(`the output "${output}" ${got}; expected one of ${wanted}`)
  }
  const found = statOf(output)
  if (found?.isDirectory()) throw new InvalidArgumentError(`the output "${output}" is a folder, and a file is expected`)
  if (found !== undefined && !found.isFile()) throw new InvalidArgumentError(`the output "${output}" is no ordinary file`)
}

function checkDistinct(targets: readonly Target[]): void {
  const inputOf = new Map<string, string>()
  for (const { input, output } of targets) {
    const other = inputOf.get(output)
    if (other !== undefined) throw new InvalidArgumentError(`"${other}" and "${input}" would both become "${output}"`)
    inputOf.set(output, input)
  }
}

/** An input is never overwritten, not even through a link or another spelling of its path. */
function checkOverwrites(targets: readonly Target[]): void {
  const identity = (path: string): string | undefined => {
    const found = statOf(path)
    return found && `${found.dev}:${found.ino}`
  }
  const inputOf = new Map(targets.map(({ input }) => [identity(input) ?? input, input]))
  for (const { output } of targets) {
    const overwritten = inputOf.get(identity(output) ?? '')
    if (overwritten === undefined) continue
    throw new InvalidArgumentError(`the output "${output}" is the input "${overwritten}", which would be lost`)
  }
}

/** The file that a path leads to, links followed; the path itself where there is none yet. */
export function destinationOf(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true })
  } catch {
    return undefined
  }
}
