/** Text of a plan for people: no secret in it (`hide` masks them), and hashes too short to try out what they were made of. */
export function masked(text: string, hide: (text: string) => string): string {
  return hide(text)
    .replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…')
    .slice(0, 2_000);
}
