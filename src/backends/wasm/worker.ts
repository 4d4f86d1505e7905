// What a worker does: it takes strips of rows from the jobs in the control block and runs them, or runs what it is sent.
// It does not know what a filter is. The build bundles it, behind a platform's endpoint, into src/generated/.
import { instantiate } from './instantiate.js'
import * as protocol from './protocol.js'
import { type Port, serve } from './transfer.js'

export function start(data: protocol.WorkerData, port: Port): void {
  if (data.memory === undefined) serve(data.module, port)
  else work(data)
}

/** So many strips of interactive jobs are taken for one of a batch job, where there are both. */
export const INTERACTIVE_SHARE = 4

/** Takes strips until the engine closes. A kernel that traps ends the worker. */
function work({ module, memory, index }: protocol.SharedWorkerData): void {
  const control = protocol.controlOf(memory)
  Atomics.add(control, protocol.STARTED, 1)
  const runStrip = stripRunner(control, instantiate(module, memory), index)
  for (;;) {
    // Read before looking, so that nothing is missed that comes between looking and sleeping.
    const seen = Atomics.load(control, protocol.WAKE)
    if (Atomics.load(control, protocol.STOP) !== 0) return
    if (!runStrip()) Atomics.wait(control, protocol.WAKE, seen)
  }
}

/** Returns what takes one strip of a live job and runs it, as worker `index`; that returns false where there is none. */
export function stripRunner(control: Int32Array, kernels: protocol.Kernels, index: number): () => boolean {
  const slots = Array.from({ length: protocol.SLOT_COUNT }, (_, slot) => new protocol.Slot(control, slot))
  const interactive = { slots: slots.slice(0, protocol.SLOTS_PER_PRIORITY), next: 0 }
  const batch = { slots: slots.slice(protocol.SLOTS_PER_PRIORITY), next: 0 }
  let taken = 0

  /** Jobs of one priority take turns, so that a small one is not stuck behind a large one. */
  function runOf(jobs: typeof interactive): boolean {
    const count = jobs.slots.length
    for (let k = 0; k < count; k++) {
      const at = (jobs.next + k) % count
      const slot = jobs.slots[at] as protocol.Slot
      const strip = slot.take(index)
      if (strip < 0) continue
      jobs.next = at + 1
      slot.run(kernels, strip, index)
      slot.finish(strip)
      return true
    }
    return false
  }

  return () => {
    const isBatchTurn = taken % (INTERACTIVE_SHARE + 1) === INTERACTIVE_SHARE
    const found = isBatchTurn ? runOf(batch) || runOf(interactive) : runOf(interactive) || runOf(batch)
    if (found) taken++
    return found
  }
}
