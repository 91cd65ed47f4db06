/** The generated checks of modules' parameters: JavaScript, typed here because they are not there before the first `npm run generate`. */
declare module '*.gen.mjs' {
  export const validate: import('./validate.ts').Compiled['validate'];
  export const allowed: import('./validate.ts').Compiled['allowed'];
}
