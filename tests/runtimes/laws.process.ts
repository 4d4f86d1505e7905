// The laws in a runtime that is no browser.
import { readFileSync } from 'node:fs'
import type { Threading } from '../../src/backends/backend.js'
import { type Case, type Rung, check } from './laws.js'

/** Prints the report as JSON. */
export async function main(file: string, rung: Rung, asked?: Threading): Promise<void> {
  console.log(JSON.stringify(await check(rung, JSON.parse(readFileSync(file, 'utf8')) as readonly Case[], asked)))
}
