import type { Table } from './chart.js'

/** A table as text, numbers to the right. */
export function formatTable({ title, columns, rows, notes = [] }: Table): string {
  const isNumeric = columns.map((_, column) => rows.some((row) => isNumber(row[column])))
  const widths = columns.map((name, column) => Math.max(name.length, ...rows.map((row) => String(row[column]).length)))
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, column) => (isNumeric[column] ? String(cell).padStart(widths[column] as number) : String(cell).padEnd(widths[column] as number)))
      .join('  ')
      .trimEnd()
  return ['', title, '', line(columns), ...rows.map(line), ...notes.map((note) => `  ${note}`), ''].join('\n')
}

const isNumber = (cell: string | number | undefined): boolean => /^-?[\d.]+$/.test(String(cell))
