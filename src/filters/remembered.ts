/** How many results are kept: a chain has few steps, and each is asked for its stages several times a call. */
const KEPT = 32

/** A pure function of names and numbers that keeps its last results. Nobody may change what it returns. */
export function remembered<A extends readonly (string | number)[], T>(make: (...args: A) => T): (...args: A) => T {
  const known = new Map<string, T>()
  return (...args) => {
    const key = args.join()
    const found = known.get(key) ?? make(...args)
    // The one that was used last is the last to go.
    known.delete(key)
    known.set(key, found)
    if (known.size > KEPT) known.delete(known.keys().next().value as string)
    return found
  }
}
