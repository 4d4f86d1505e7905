import type { WorkerData } from '../backends/wasm/protocol.js'
import { start } from '../backends/wasm/worker.js'

/** The scope of a dedicated worker, of which the types of pages know nothing. */
const scope = globalThis as unknown as {
  postMessage(message: unknown, transfer: Transferable[]): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void, options?: { once: boolean }): void
}

// The first message says what to do.
scope.addEventListener(
  'message',
  ({ data }: MessageEvent<WorkerData>) =>
    start(data, {
      post: (message, transfer) => scope.postMessage(message, transfer),
      listen: (onMessage) => scope.addEventListener('message', (event) => onMessage(event.data)),
    }),
  { once: true },
)
