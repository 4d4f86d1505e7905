// The laws in a page and in its workers.
import type { Threading } from '../../src/backends/backend.js'
import { type Case, type Group, type Report, type Rung, check } from './laws.js'

let cases: Promise<readonly Case[]> | undefined

/** The cases of some groups, as the page can fetch them, on a rung. */
export async function run(rung: Rung, groups: readonly Group[], asked?: Threading): Promise<Report> {
  cases ??= fetch('/cases.json').then((response) => response.json() as Promise<readonly Case[]>)
  return check(rung, (await cases).filter(({ group }) => groups.includes(group)), asked)
}
