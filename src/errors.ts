/** Base of every error that isopix throws on purpose. `code` is stable; messages are not. */
export abstract class IsopixError extends Error {
  abstract readonly code: string
  /** The name of the class, which a minified script no longer knows. */
  abstract override readonly name: string
}

/** A value that the caller passed cannot be used: wrong type, out of range, unknown, or of the wrong size. */
export class InvalidArgumentError extends IsopixError {
  override readonly name = 'InvalidArgumentError'
  readonly code = 'ERR_INVALID_ARGUMENT'

  /** `where` is the function or filter, as the caller wrote it; `expected` a noun phrase. */
  static of(where: string, argument: string, expected: string, received: unknown): InvalidArgumentError {
    return new InvalidArgumentError(`${where}: expected ${argument} to be ${expected}, got ${show(received)}`)
  }
}

/** A step cannot follow the steps before it, or cannot be applied to this image. */
export class StepError extends IsopixError {
  override readonly name = 'StepError'
  readonly code = 'ERR_STEP'
}

/** A backend or an optional package that the caller asked for is not there. The message says how to get it. */
export class UnsupportedError extends IsopixError {
  override readonly name = 'UnsupportedError'
  readonly code = 'ERR_UNSUPPORTED'
}

/** The work does not fit the memory it may use. */
export class MemoryError extends IsopixError {
  override readonly name = 'MemoryError'
  readonly code = 'ERR_MEMORY'
}

/** A backend failed while it ran. `cause` is what it reported. */
export class BackendError extends IsopixError {
  override readonly name = 'BackendError'
  readonly code = 'ERR_BACKEND'
}

/** The engine or the image was closed before this call. */
export class DisposedError extends IsopixError {
  override readonly name = 'DisposedError'
  readonly code = 'ERR_DISPOSED'
}

/** A file cannot be read, understood or written. */
export class FileError extends IsopixError {
  override readonly name = 'FileError'
  readonly code = 'ERR_FILE'
}

/** A value as a message shows it: short, with its type where that is not plain. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)} (string)`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return `${value}n (bigint)`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`
  return typeof value === 'object' ? `${value.constructor?.name ?? 'object'} (object)` : typeof value
}

/** The name in `names` nearest to a misspelt one, for "did you mean". */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const allowed = Math.max(1, Math.ceil(name.length * 0.4))
  let best: string | undefined
  let bestDistance = allowed + 1
  for (const candidate of names) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein distance, or any number of at least `limit` where it is not below that. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replaced, (previous[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    previous = row
  }
  return previous[b.length] as number
}
