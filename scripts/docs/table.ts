/** A table in Markdown. @param rule What aligns all columns but the first: numbers stand to the right. */
export const table = (columns: readonly string[], rows: readonly (readonly (string | number)[])[], rule: '---:' | '---' = '---:'): string =>
  [columns, columns.map((_, column) => (column === 0 ? '---' : rule)), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
