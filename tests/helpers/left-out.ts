/** Says what cannot be tested here, and why. In CI it is an error: everything has to be there. */
export function leftOut(what: string, reason: string): string {
  if (process.env['CI']) throw new Error(`${what} is not tested, and CI needs that: ${reason}`)
  console.warn(`${what} is not tested: ${reason}`)
  return reason
}
