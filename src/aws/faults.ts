import { type Problem, ProblemError, problem } from '../problems/problem.ts';
import { mostAttempts } from './access.ts';

/** The fields of errors of the SDK that say what happened. */
interface Raised extends Error {
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number; requestId?: string };
}

const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired']);
const unknown = new Set([
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthFailure',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
]);
const denied = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'UnauthorizedAccess']);
const slowDown = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'SlowDown',
  'RateExceeded',
]);

/** The word by which an error of AWS is known: `ThrottlingException`. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

/** Whether AWS asks to slow down. */
export function isThrottled(error: unknown): boolean {
  return slowDown.has(errorName(error));
}

/** Puts what a call to AWS threw into words. `call` is also the IAM action unless another is said. */
export function awsProblem(error: unknown, call: string, action = call): Problem {
  if (!(error instanceof Error)) return problem('E_AWS_CALL', { call, name: 'Error', detail: String(error) });
  const { name, message, code, $metadata } = error as Raised;
  // The SDK's word where AWS says nothing but the name, as of a parameter that there is not.
  const detail = (message === 'UnknownError' ? '' : message).trim() || name;
  if (expired.has(name)) return problem('E_AWS_CREDENTIALS', { call, detail, fault: 'expired' });
  if (unknown.has(name)) return problem('E_AWS_CREDENTIALS', { call, detail, fault: 'refused' });
  if (denied.has(name) || $metadata?.httpStatusCode === 403) return problem('E_AWS_DENIED', { call, action, detail });
  if (slowDown.has(name)) return problem('E_AWS_THROTTLED', { call, attempts: $metadata?.attempts ?? mostAttempts });
  if (/Region (is missing|not accepted)|region=""/i.test(message)) return problem('E_AWS_REGION', { call });
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    const isOld = /expired|aws sso login/i.test(message);
    return problem('E_AWS_CREDENTIALS', { call, detail, fault: isOld ? 'expired' : 'none' });
  }
  if ($metadata?.httpStatusCode === undefined && (code !== undefined || name === 'TimeoutError'))
    return problem('E_AWS_UNREACHABLE', { call, detail: detail || code || name });
  const request = $metadata?.requestId;
  return problem('E_AWS_CALL', { call, name, detail, ...(request !== undefined && { request }) });
}

/** The same problem, with the profile that was to give the credentials where it is about these. */
export function withProfile(found: Problem, profile: string | undefined): Problem {
  if (found.code !== 'E_AWS_CREDENTIALS' || profile === undefined || profile === '') return found;
  return { ...found, facts: { ...found.facts, profile } };
}

/** Makes a call and throws its faults as ProblemError. */
export async function asked<T>(call: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError(awsProblem(error, call));
  }
}
