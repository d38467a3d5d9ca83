// AssemblyScript, compiled to WebAssembly.

/** The first place in memory that no constant of these files takes. */
export const free: usize = __heap_base;
