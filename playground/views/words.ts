// Names and numbers as people read them.

/** `gaussian-blur` is Gaussian blur, `inBlack` is In black, `rotate90` is Rotate 90. */
export function titleOf(name: string): string {
  const words = name.replace(/-/g, ' ').replace(/([a-z])([A-Z0-9])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const UNITS: Readonly<Record<string, string>> = { degrees: '°', '%': '%' }

export const unitOf = (unit: string | undefined): string => (unit === undefined ? '' : (UNITS[unit] ?? ` ${unit}`))

export const numberText = (value: number): string => String(Number(value.toPrecision(6)))

export const sizeText = ({ width, height, channels }: { readonly width: number; readonly height: number; readonly channels: number }): string =>
  `${width} × ${height}${channels === 1 ? ', grey' : ''}`
