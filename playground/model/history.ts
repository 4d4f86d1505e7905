// Undo and redo over immutable values.

/** Changes of the same kind that follow each other this fast are one step back. */
const MERGE_MS = 1200
const MOST = 200

export interface History<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** What the last change was about, and when. */
  readonly last?: { readonly kind: string; readonly at: number }
}

export const begin = <T>(now: T): History<T> => ({ past: [], now, future: [] })

/** @param kind Changes of one slider share a kind, so that a drag is one step; absent: a step of its own. */
export function record<T>(history: History<T>, now: T, kind?: string, at = performance.now()): History<T> {
  const { past, last } = history
  const merges = kind !== undefined && last?.kind === kind && at - last.at < MERGE_MS
  return {
    past: merges ? past : [...past, history.now].slice(-MOST),
    now,
    future: [],
    ...(kind !== undefined && { last: { kind, at } }),
  }
}

export function undo<T>({ past, now, future }: History<T>): History<T> {
  const before = past.at(-1)
  return before === undefined ? { past, now, future } : { past: past.slice(0, -1), now: before, future: [now, ...future] }
}

export function redo<T>({ past, now, future }: History<T>): History<T> {
  const [next, ...rest] = future
  return next === undefined ? { past, now, future } : { past: [...past, now], now: next, future: rest }
}
