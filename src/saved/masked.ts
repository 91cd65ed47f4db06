/** Text of a plan for people: no secret in it, and hashes too short to try out what they were made of. The hook for whoever knows more secrets. */
export function masked(text: string, secrets: readonly string[]): string {
  const hidden = secrets.filter((secret) => secret !== '').reduce((all, secret) => all.replaceAll(secret, '***'), text);
  return hidden.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1…').slice(0, 2_000);
}
