/** One timing: the median and the quartiles of the rounds, in milliseconds. */
export interface Row {
  readonly name: string
  readonly contender: string
  readonly memory: 'resident' | 'ordinary'
  readonly ms: number
  readonly low: number
  readonly high: number
  readonly megapixels: number
}

/** Prints rows under their names, fastest first. */
export function printTable(rows: readonly Row[]): void {
  const text = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(1))
  console.log(`\n${'contender'.padEnd(18)} ${'memory'.padEnd(9)} ${'median ms'.padStart(10)}   quartiles ms        MP/s`)
  for (const name of new Set(rows.map((row) => row.name))) {
    console.log(`\n${name}`)
    const own = rows.filter((row) => row.name === name).sort((a, b) => a.ms - b.ms)
    for (const { contender, memory, ms, low, high, megapixels } of own) {
      const spread = `${text(low)} to ${text(high)}`
      console.log(`  ${contender.padEnd(16)} ${memory.padEnd(9)} ${text(ms).padStart(10)}   ${spread.padEnd(18)} ${megapixels.toFixed(0).padStart(5)}`)
    }
  }
  console.log('')
}
