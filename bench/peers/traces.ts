// What libraries leave behind in the process: listeners that swallow errors, and globals by which others take Node for a browser.

const EVENTS = ['uncaughtException', 'unhandledRejection'] as const

/** Remembers what is there now; what is called later takes away what came since. */
export function rememberTraces(): { readonly forgetListeners: () => void; readonly forgetGlobals: () => void } {
  const listeners = EVENTS.map((event) => [event, process.rawListeners(event)] as const)
  const globals = new Map(Object.entries(Object.getOwnPropertyDescriptors(globalThis)))
  return {
    forgetListeners() {
      for (const [event, before] of listeners) {
        for (const listener of process.rawListeners(event)) if (!before.includes(listener)) process.off(event, listener as () => void)
      }
    },
    forgetGlobals() {
      for (const name of Object.getOwnPropertyNames(globalThis)) if (!globals.has(name)) Reflect.deleteProperty(globalThis, name)
    },
  }
}
