// Folders that results go to.
import { mkdirSync, rmdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { FileError } from '../errors.js'
import { Draft, reasonOf } from './drafts.js'

export class Folders {
  /** What was made here, outer folders before inner ones. */
  readonly #made: string[] = []

  /** Makes a folder, and those that it is in, where they are missing. */
  make(folder: string): void {
    try {
      const first = mkdirSync(folder, { recursive: true })
      if (first === undefined) return
      const made: string[] = []
      for (let path = resolve(folder); path.length >= resolve(first).length; path = dirname(path)) made.unshift(path)
      this.#made.push(...made)
    } catch (error) {
      throw new FileError(`${folder}: the output folder ${reasonOf(error)}`, { cause: error })
    }
  }

  /** @throws FileError where a file's folder is missing or cannot be written. */
  check(file: string): void {
    new Draft(file).discard()
  }

  /** Removes those that nothing went into. */
  removeEmpty(): void {
    for (const folder of this.#made.splice(0).reverse()) {
      try {
        rmdirSync(folder)
      } catch {
        // It has results in it.
      }
    }
  }
}
