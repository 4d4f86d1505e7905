// Which file each input becomes.
import { type BigIntStats, mkdirSync, realpathSync, rmdirSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { FileError, InvalidArgumentError } from '../errors.js'
import type { Codec } from './files.js'
import { Draft, reasonOf } from './drafts.js'

export interface Target {
  readonly input: string
  readonly output: string
}

/**
 * The file that each input becomes. Several inputs, an existing folder or a name that ends in a slash put the results
 * into a folder, each under its input's name (as PNG where the input's format cannot be written).
 * @throws InvalidArgumentError, before anything is read or written.
 */
export function targetsOf(inputs: readonly string[], output: string, codec: Codec): readonly Target[] {
  const found = statOf(output)
  const isFolder = found?.isDirectory() || /[\\/]$/.test(output)
  if (inputs.length > 1 && !isFolder && (codec.canWrite(output) || found !== undefined)) {
    throw new InvalidArgumentError(`${inputs.length} inputs need a folder as output, and "${output}" is a file`)
  }
  const targets = inputs.map((input) => ({
    input,
    output: isFolder || inputs.length > 1 ? join(output, nameIn(input, codec)) : output,
  }))
  for (const target of targets) check(target, codec)
  checkDistinct(targets)
  checkOverwrites(targets)
  return targets
}

/** The folder that the targets are in is made if it is missing, and is checked to be writable. */
export function prepareFolder(targets: readonly Target[], output: string): { removeIfEmpty(): void } {
  const folder = dirname((targets[0] as Target).output)
  let made: string | undefined
  // A single file does not make its folder: that would hide a misspelt path.
  if (targets.length > 1 || /[\\/]$/.test(output)) {
    try {
      made = mkdirSync(folder, { recursive: true })
    } catch (error) {
      throw new FileError(`${folder}: the output folder ${reasonOf(error)}`, { cause: error })
    }
  }
  new Draft((targets[0] as Target).output).discard()
  return {
    removeIfEmpty() {
      if (made === undefined) return
      try {
        rmdirSync(folder)
      } catch {
        // It has results in it.
      }
    },
  }
}

function nameIn(input: string, codec: Codec): string {
  const name = basename(input)
  return codec.canWrite(name) ? name : `${basename(name, extname(name))}.png`
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
