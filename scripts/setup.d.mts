export const root: string
export function install(): void
export function isInstalled(): boolean
export function isBuilt(): boolean
export function build(): void
