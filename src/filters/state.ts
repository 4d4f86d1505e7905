// Sizes of what some kernels keep in their state. Each is a constant of the same name in assembly/; the contract law
// (tests/laws/contract.test.ts) compares them.

/** The pixels around one end of a row: assembly/lib/patch.ts. */
export const PATCH_BYTES = 1088
/** Pixels of a row of which the extremes are made at a time: assembly/lib/extreme.ts. */
export const EXTREMES_BYTES = 4096
/** One of five ranks of sorted columns: assembly/kernels/median-small.ts. */
export const RANK_BYTES = 1088
/** What stands before the counts of columns: assembly/kernels/median.ts. */
export const WINDOW_BYTES = 1024
