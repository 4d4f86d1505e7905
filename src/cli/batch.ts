// Several pieces of work at the same time, in order.

/** Works on some items at once and gives the results in the order of the items. `work` must not reject. */
export async function* inOrder<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R> {
  const running: Promise<R>[] = []
  for (const [index, item] of items.entries()) {
    running.push(work(item, index))
    if (running.length === lanes) yield await (running.shift() as Promise<R>)
  }
  for (const last of running) yield await last
}

export type Turn = <T>(task: () => Promise<T>) => Promise<T>

/** Starts each task when the one before has ended: a filter has all threads, and its time is its own. */
export function oneAtATime(): Turn {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const mine = last.then(task)
    last = mine.catch(() => undefined)
    return mine
  }
}
