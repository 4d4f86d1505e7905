/** One measurement: the middle, the 99th percentile and the worst of its samples. */
export interface Line {
  readonly what: string
  readonly median: number
  readonly p99: number
  readonly most: number
  readonly unit: string
}

export function lineOf(what: string, samples: readonly number[], unit = 'ms'): Line {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number
  return { what, median: at(0.5), p99: at(0.99), most: sorted.at(-1) as number, unit }
}

export function printLines(lines: readonly Line[]): void {
  const width = Math.max(...lines.map(({ what }) => what.length))
  console.log(`${''.padEnd(width)}    median       p99      most`)
  for (const { what, median, p99, most, unit } of lines) {
    console.log(`${what.padEnd(width)}  ${[median, p99, most].map((value) => value.toFixed(2).padStart(8)).join('  ')} ${unit}`)
  }
}
