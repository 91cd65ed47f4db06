const WORDS =
  /(?:^|[_-])(?:password|passwd|passphrase|pass|secret|token|api[_-]?key|private[_-]?key|secret[_-]?key|access[_-]?key)$/i;

/** Whether what is called so is a secret, by what people call theirs: `db_password`, `API_KEY`; not `password_file`. */
export function isSecretName(name: string): boolean {
  return WORDS.test(name.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}
