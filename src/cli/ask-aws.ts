import type { AskAws, AwsAnswer } from '../aws/inventory/question.ts';
import { quietSdk } from './quiet-sdk.ts';
import type { Surroundings } from './surroundings.ts';

/** What a command has asked AWS already. */
const asked = new WeakMap<Surroundings, Map<string, Promise<AwsAnswer>>>();

/**
 * Asks AWS for the machines of inventory files, each question once in a command: an inventory is read again when a file in it was encrypted, and for
 * each entry point that is checked. `flush`: answers that were kept do not count.
 */
export function askAws(around: Surroundings, flush: boolean): AskAws {
  const { env, home, now } = around;
  const known = asked.get(around) ?? new Map<string, Promise<AwsAnswer>>();
  asked.set(around, known);
  const ask: AskAws = async (question, cacheSeconds) => {
    quietSdk(env);
    // The SDK takes 200 ms to load, and few inventories need it.
    const { createAskAws } = await import('../aws/inventory/kept.ts');
    return createAskAws({ env, home, now, flush })(question, cacheSeconds);
  };
  return (question, cacheSeconds) => {
    const key = JSON.stringify([question, cacheSeconds]);
    const answer = known.get(key) ?? ask(question, cacheSeconds);
    known.set(key, answer);
    return answer;
  };
}
