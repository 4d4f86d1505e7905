import { workerData } from 'node:worker_threads'
import { work } from '../backends/wasm/worker.js'

work(workerData)
