// The one place that holds what the page shows. Listeners hear once of all changes of a task.

export interface Store<T> {
  get(): T
  set(changed: Partial<T>): void
  listen(listener: (state: T) => void): void
}

export function createStore<T extends object>(initial: T): Store<T> {
  const listeners: ((state: T) => void)[] = []
  let state = initial
  let told = true
  const tell = (): void => {
    told = true
    for (const listener of listeners) listener(state)
  }
  return {
    get: () => state,
    set(changed) {
      state = { ...state, ...changed }
      if (told) queueMicrotask(tell)
      told = false
    },
    listen(listener) {
      listeners.push(listener)
      listener(state)
    },
  }
}
