// The package's entry for Node is no ES module, though it says so; this one is.
declare module 'wgsl_reflect/wgsl_reflect.module.js' {
  export * from 'wgsl_reflect'
}
