import { Type } from 'typebox';
import type { ControllerModule, ControllerResult } from '../../model/module.ts';
import type { Value } from '../../model/value.ts';
import { checkArgs } from '../shared/args.ts';
import { accountParams, faultFields, withAws } from '../shared/aws-account.ts';
import { flag, text } from '../shared/params.ts';
import { showValue } from '../shared/show-value.ts';

const params = Type.Object(
  {
    name: Type.Optional(text('Name of the function.')),
    function_arn: Type.Optional(text('Its ARN, instead of the name.')),
    payload: Type.Optional(Type.Unknown({ description: 'What it is handed, as JSON: a mapping, a list, a text.' })),
    version_qualifier: Type.Optional(text('Version or alias; the newest when not said.')),
    wait: Type.Optional(flag('Wait for its answer; else it is only started.', true)),
    tail_log: Type.Optional(flag('Read the last 4 KB of its log.')),
    ...accountParams,
  },
  { additionalProperties: false },
);

interface Invoked {
  StatusCode?: number;
  FunctionError?: string;
  LogResult?: string;
  Payload?: Uint8Array;
  ExecutedVersion?: string;
}

const rules = {
  name: 'lambda_execute',
  exclusive: [['name', 'function_arn']],
  requireOne: [['name', 'function_arn']],
};

/** Runs a function of Lambda. */
export const lambdaExecute = {
  name: 'lambda_execute',
  on: 'controller',
  pure: false,
  summary: 'A function of Lambda has run, or has been started. Not run on a real system.',
  params,
  result: {
    result:
      '`status` (of HTTP), `output` (its answer; JSON is data), `logs` (with `tail_log`), `version`, and `function_error` where it failed.',
    ...faultFields,
  },
  examples: [
    { lambda_execute: { name: 'reindex', payload: { shop: 'main' } }, register: 'reindexed' },
    { lambda_execute: { name: 'nightly', wait: false } },
    {
      lambda_execute: {
        function_arn: 'arn:aws:lambda:eu-central-1:123456789012:function:migrate',
        version_qualifier: 'live',
        tail_log: true,
      },
    },
  ],
  idempotent: false,
  checkMode: true,
  telling: 'name',
  exclusive: rules.exclusive,
  requireOne: rules.requireOne,
  foreignParams: { dry_run: 'use check mode: it asks Lambda whether the function could be run' },
  run(given, context) {
    checkArgs(rules, given);
    const { name, function_arn: arn, payload, version_qualifier: version, wait = true, tail_log: tail = false } = given;
    return withAws('lambda_execute', given, context, async (open) => {
      const type = context.check ? 'DryRun' : wait ? 'RequestResponse' : 'Event';
      const answer = await open('lambda').call<Invoked>(
        'Invoke',
        {
          FunctionName: arn ?? name,
          InvocationType: type,
          Qualifier: version,
          ...(tail && wait && !context.check && { LogType: 'Tail' }),
          ...(payload !== undefined && { Payload: Buffer.from(JSON.stringify(payload)) }),
        },
        { action: 'lambda:InvokeFunction' },
      );
      if (context.check)
        return {
          changed: true,
          fields: {},
          isForecast: true,
          message: 'Lambda would take it (it was asked by a dry run)',
        };
      return told(answer);
    });
  },
} satisfies ControllerModule<typeof params>;

function told({ StatusCode, FunctionError, LogResult, Payload, ExecutedVersion }: Invoked): ControllerResult {
  const text = Buffer.from(Payload ?? []).toString();
  const output = parsed(text);
  const logs = LogResult === undefined ? undefined : Buffer.from(LogResult, 'base64').toString();
  const result: ControllerResult = {
    changed: true,
    fields: {
      result: {
        status: StatusCode ?? 0,
        output,
        ...(logs !== undefined && { logs }),
        ...(ExecutedVersion !== undefined && { version: ExecutedVersion }),
        ...(FunctionError !== undefined && { function_error: FunctionError }),
      },
    },
    message: [text === '' ? 'started' : showValue(output), logs].filter(Boolean).join('\n'),
  };
  return FunctionError === undefined ? result : { ...result, failed: `the function failed: ${failureIn(output)}` };
}

/** What a function raises comes as `errorType` and `errorMessage` (Lambda Developer Guide, errors of functions). */
function failureIn(output: Value): string {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return showValue(output);
  const { errorType: type, errorMessage: words } = output;
  return [type, words].filter((each) => typeof each === 'string').join(': ') || showValue(output);
}

function parsed(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}
