/** Three digits or so, of milliseconds, factors and the like. */
export const digits = (value: number): string => (value === 0 ? '0' : value.toFixed(value < 0.1 ? 4 : value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0))

export const geometricMean = (values: readonly number[]): number => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
