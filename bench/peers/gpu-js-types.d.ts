// Installed beside the other peers, where the project's compiler does not look.
declare module 'gpu.js'
