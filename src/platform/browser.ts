import { workerSource } from '../generated/worker-browser.js'
import { pixelsOf } from './pixels.js'
import type { Platform } from './platform.js'

const NO_GPU =
  'this browser has no WebGPU here; it needs a recent version, a page served by https or from localhost, and a graphics card that is not blocked'

/** The address of the worker's script, made once; it lives as long as the page. */
let scriptUrl: string | undefined

/** What ends each worker that lives; made with the first. */
let alive: Set<() => void> | undefined

/**
 * Workers end with their page; some browsers would keep them, and their memory, for a while. Those of a page that may come
 * back are left alone: a browser that is told to end a worker lets it go on for a moment, beside the one that follows it.
 */
function endWithPage(): Set<() => void> {
  const all = new Set<() => void>()
  globalThis.addEventListener?.('pagehide', ({ persisted }) => {
    if (!persisted) for (const end of [...all]) end()
  })
  return all
}

export const platform: Platform = {
  name: 'browser',

  get cores() {
    return globalThis.navigator?.hardwareConcurrency ?? 1
  },

  startWorker({ data, url, onExit, onMessage }) {
    if (typeof Worker === 'undefined') throw new Error('there are no workers here')
    scriptUrl ??= url === undefined ? URL.createObjectURL(new Blob([workerSource], { type: 'text/javascript' })) : undefined
    const worker = new Worker(url ?? (scriptUrl as string), { name: 'isopix' })
    const workers = (alive ??= endWithPage())
    const end = (error?: Error): void => {
      worker.terminate()
      if (workers.delete(end)) onExit(error)
    }
    workers.add(end)
    // A script that is forbidden or missing, and a failure inside of it, are the same event; only the second has a message.
    worker.addEventListener('error', ({ message }) => end(new Error(message || 'the script of the worker did not load; a content security policy may forbid it')))
    worker.addEventListener('messageerror', () => end(new Error('the worker could not read a message')))
    if (onMessage !== undefined) worker.addEventListener('message', (event) => onMessage(event.data))
    try {
      worker.postMessage(data)
    } catch (error) {
      worker.terminate()
      workers.delete(end)
      throw error
    }
    return {
      post: (message, transfer) => worker.postMessage(message, [...transfer]),
      ref: () => {},
      terminate: async () => end(),
    }
  },

  pixelsOf,

  allocate: (length) => new Uint8ClampedArray(length),

  copy: (target, source) => target.set(source),

  nextTask() {
    // Timers wait for 4 ms where they follow one another; messages do not.
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(undefined)
    })
  },

  async gpu() {
    return (globalThis.navigator as Navigator | undefined)?.gpu ?? NO_GPU
  },
}
