const listenersOf = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Calls `listener` once if the signal fires, until the function that this returns is called. A signal that many calls
 * share has one listener of its own: Node warns of a leak where it has more than ten.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => {}
  let listeners = listenersOf.get(signal)
  if (listeners === undefined) {
    const all = new Set<() => void>()
    const fire = (): void => {
      for (const call of all) call()
    }
    signal.addEventListener('abort', fire, { once: true })
    listenersOf.set(signal, (listeners = all))
  }
  const own = listeners
  own.add(listener)
  return () => void own.delete(listener)
}
