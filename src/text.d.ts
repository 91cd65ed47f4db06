/** Shell files are imported as text: esbuild does it in the bundle, the plugin in vitest.config.ts in tests. */
declare module '*.sh' {
  const text: string;
  export default text;
}
