/** Judges a host key; only a promise of `true` lets it pass. */
export type Judge = (key: Buffer) => Promise<boolean>;

/**
 * Makes a host verifier for ssh2 that lets a key pass only for the very value `true`. ssh2 itself takes every answer but `false` for a
 * yes: null, undefined, 0, an Error, a promise, a rejected promise. It also asks again at every rekey, so the first key is remembered:
 * the same key passes without a question, another one never does. Nothing is thrown back into ssh2, and nothing is returned.
 */
export function failClosed(judge: Judge): (key: Buffer, answer: (permitted: boolean) => void) => void {
  let first: Buffer | undefined;
  let accepted = false;
  return (key, answer) => {
    const reply = (permitted: boolean): void => {
      try {
        answer(permitted);
      } catch {
        // The connection ended while the key was judged: there is nobody left to answer.
      }
    };
    if (first !== undefined) {
      reply(accepted && first.equals(key));
      return;
    }
    first = Buffer.from(key);
    Promise.resolve()
      .then(() => judge(key))
      .then(
        (verdict: unknown) => {
          accepted = verdict === true;
          reply(accepted);
        },
        () => reply(false),
      );
  };
}
