/** Text that a template gives back as it is: braces that would begin a tag stand in a tag of their own, as a literal. */
export function literalText(text: string): string {
  return text.replace(/\\*\{[{%]+/g, (braces) => `{{'${braces}'}}`);
}
