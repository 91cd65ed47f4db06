/**
 * Keeps the SDK of AWS from telling the user which version of Node it will want one day: which one play runs on is for play to say. There is no
 * other way than this variable of the process, which it reads when its first client is made.
 */
export function quietSdk(env: Record<string, string | undefined>): void {
  env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
