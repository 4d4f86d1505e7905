// The pictures that the inputs of a command line stand for: files, folders and patterns.
import { type Dirent, readdir, realpathSync, statSync } from 'node:fs'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { FileError, UnsupportedError } from '../errors.js'
import { type PathKind, isPattern } from './arguments.js'
import type { Failure } from './report.js'
import { plural } from './text.js'

export interface Input {
  readonly path: string
  /** Its place in an output folder: below the folder that was given, or that the pattern starts from. */
  readonly place: string
}

export interface Inputs {
  readonly files: readonly Input[]
  /** Folders that cannot be read, and folders and patterns without a picture. */
  readonly failures: readonly Failure[]
  /** What was left out, and how to have it. */
  readonly notes: readonly string[]
  /** A folder or pattern among the inputs, whose results need a folder. */
  readonly search: string | undefined
}

export interface SearchOptions {
  readonly recursive: boolean
  /** Whether a file's name is that of a picture. Files that are given themselves are not asked. */
  readonly isPicture: (path: string) => boolean
  /** The output, which is not searched: what is in it was made from the rest. */
  readonly output: string | undefined
}

/** @throws UnsupportedError where folders or patterns are to be searched and tinyglobby is not installed. */
export async function findInputs(words: readonly string[], options: SearchOptions): Promise<Inputs> {
  const files: Input[] = []
  const failures: Failure[] = []
  const notes: string[] = []
  let search: string | undefined
  for (const word of words) {
    const kind = pathKind(word)
    if (kind !== 'folder' && (kind === 'file' || !isPattern(word))) {
      files.push({ path: word, place: basename(word) })
      continue
    }
    search ??= word
    const area = kind === 'folder' ? { root: word, pattern: options.recursive ? '**/*' : '*' } : splitPattern(word)
    const found = await searchArea(area.root, area.pattern, options)
    files.push(...found.pictures.map((place) => ({ path: join(area.root, place), place })))
    failures.push(...found.failures)
    const left = leftOut(found, kind === 'folder' && !options.recursive)
    if (found.pictures.length > 0 && left !== '') notes.push(`${word}: left out ${left}`)
    if (found.pictures.length > 0 || found.failures.length > 0) continue
    const what = kind === 'folder' ? 'there is no picture in this folder' : 'no picture has such a name'
    failures.push({ input: word, error: new FileError(`${word}: ${what}${left === '' ? '' : `; left out ${left}`}`) })
  }
  return { files, failures, notes, search }
}

export function pathKind(path: string): PathKind {
  try {
    const found = statSync(path)
    return found.isDirectory() ? 'folder' : 'file'
  } catch {
    return undefined
  }
}

interface Area {
  readonly pictures: readonly string[]
  readonly failures: readonly Failure[]
  /** Files that are no pictures, folders, and links to folders, which are not followed: they may lead in a circle. */
  readonly others: number
  readonly folders: number
  readonly links: number
}

async function searchArea(root: string, pattern: string, { isPicture, output }: SearchOptions): Promise<Area> {
  const failures: Failure[] = []
  let links = 0
  const read = (path: string, _: unknown, callback: (error: Error | null, entries?: readonly Dirent[]) => void): void => {
    readdir(path, { withFileTypes: true }, (error, entries = []) => {
      if (error !== null) {
        const folder = join(root, relative(resolve(root), path))
        const reason = `${folder}: this folder cannot be read: ${error.message}`
        failures.push({ input: folder, error: new FileError(reason, { cause: error }) })
      }
      const seen = entries.map((entry) => (entry.isSymbolicLink() ? followed(entry, path) : entry))
      links += seen.filter((entry) => entry === undefined).length
      callback(error, seen.filter((entry) => entry !== undefined))
    })
  }
  const { glob } = await loadGlob()
  const found = await glob(pattern, {
    cwd: root,
    deep: pattern === '*' ? 0 : Number.POSITIVE_INFINITY,
    expandDirectories: false,
    onlyFiles: false,
    followSymbolicLinks: false,
    fs: { readdir: read as typeof readdir },
  })
  const isMade = withinOutput(root, output)
  const own = found.filter((path) => !isMade(path))
  const files = own.filter((path) => !path.endsWith('/'))
  const pictures = files.filter(isPicture).sort()
  return { pictures, failures, links, others: files.length - pictures.length, folders: own.length - files.length }
}

/** A link as the file that it leads to, or as one that is missing; undefined where it leads to a folder. */
function followed(link: Dirent, folder: string): Dirent | undefined {
  if (pathKind(join(folder, link.name)) === 'folder') return undefined
  return Object.assign(Object.create(link) as Dirent, { isFile: () => true, isSymbolicLink: () => false })
}

function leftOut({ others, folders, links }: Area, flat: boolean): string {
  const parts = [
    ...(others > 0 ? [`${plural(others, 'file')} that ${others === 1 ? 'is' : 'are'} no picture`] : []),
    ...(flat && folders > 0 ? [`${plural(folders, 'folder')} (--recursive takes ${folders === 1 ? 'it' : 'them'} too)`] : []),
    ...(links > 0 ? [plural(links, 'link to a folder', 'links to folders')] : []),
  ]
  return parts.join(', ')
}

/** The folder that a pattern starts from, and the rest of it. */
function splitPattern(text: string): { root: string; pattern: string } {
  const parts = text.split(sep).join('/').split('/')
  const first = parts.findIndex(isPattern)
  const root = parts.slice(0, first).join('/')
  return { root: first === 0 ? '.' : root === '' ? '/' : root, pattern: parts.slice(first).join('/') }
}

/** Whether a path below `root` is in the output folder, where that is below `root` too. */
function withinOutput(root: string, output: string | undefined): (path: string) => boolean {
  const inner = output === undefined ? '' : relative(real(root), real(output))
  if (inner === '' || inner.startsWith('..') || isAbsolute(inner)) return () => false
  const prefix = `${inner.split(sep).join('/')}/`
  return (path) => path.startsWith(prefix)
}

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

async function loadGlob(): Promise<typeof import('tinyglobby')> {
  try {
    return await import('tinyglobby')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    const reason = isMissing ? 'is not installed; run: npm install tinyglobby' : `does not load: ${(error as Error).message}`
    throw new UnsupportedError(`folders and patterns are searched by the package "tinyglobby", which ${reason}`, { cause: error })
  }
}
