/** What kernels with `ownEdges` keep for the ends of rows: `PATCH_BYTES` of assembly/lib/patch.ts. */
export const PATCH_BYTES = 128 + 5 * 192
