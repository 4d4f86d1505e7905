// Files appear whole or not at all: each is written under another name beside its place, and renamed when it is done.
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, unlinkSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { FileError } from '../errors.js'

/** Temporary files that exist now. */
const open = new Set<string>()

export class Draft {
  readonly path: string
  readonly #temporary: string

  /** @throws FileError where the folder cannot be written. */
  constructor(path: string) {
    this.path = path
    this.#temporary = join(dirname(path), `.isopix-${randomBytes(6).toString('hex')}.tmp`)
    try {
      // Not asynchronous, so that the file is in the list from the moment that it exists.
      closeSync(openSync(this.#temporary, 'wx', 0o666))
      open.add(this.#temporary)
    } catch (error) {
      throw new FileError(`${path}: its folder ${reasonOf(error)}`, { cause: error })
    }
  }

  /** Puts the bytes in place of the file, all at once. */
  async commit(bytes: Uint8Array): Promise<void> {
    try {
      // Not made anew: at the end of the process it may have been removed a moment ago.
      await writeFile(this.#temporary, bytes, { flag: 'r+' })
      await rename(this.#temporary, this.path)
      open.delete(this.#temporary)
    } catch (error) {
      throw new FileError(`${this.path}: cannot be written: ${(error as Error).message}`, { cause: error })
    }
  }

  /** Removes the temporary file, if it is still there. */
  discard(): void {
    if (open.delete(this.#temporary)) remove(this.#temporary)
  }
}

/** For the end of the process, however it comes: removes what was not committed. */
export function discardAll(): void {
  for (const path of open) remove(path)
  open.clear()
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else removed it, or the disk is gone.
  }
}

/** Why a folder cannot be used, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
      return 'does not exist'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'is a file'
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `must not be written (${code})`
    default:
      return `cannot be written: ${message}`
  }
}
