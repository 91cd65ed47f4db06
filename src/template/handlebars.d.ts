/// <reference types="handlebars" />

/**
 * The parser alone: Handlebars' compiler makes code out of templates, which is what its advisories are about;
 * play walks the tree itself. `parser.lexer` tells where a parse error is, which the error does not.
 */
declare module 'handlebars/dist/cjs/handlebars/compiler/base.js' {
  interface Location {
    first_line: number;
    first_column: number;
    last_line: number;
    last_column: number;
  }
  export function parse(input: string): hbs.AST.Program;
  export const parser: { lexer: { yylloc: Location; match: string } };
}
