import { parentPort, workerData } from 'node:worker_threads'
import { start } from '../backends/wasm/worker.js'

const port = parentPort!
start(workerData, {
  post: (message, transfer) => port.postMessage(message, transfer),
  listen: (onMessage) => void port.on('message', onMessage),
})
