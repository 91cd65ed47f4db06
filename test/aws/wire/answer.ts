import { randomUUID } from 'node:crypto';
import type { AwsError } from '../errors.ts';
import type { Answer } from '../types.ts';
import { escaped, xml } from './query.ts';
import type { Addressed } from './request.ts';

const head = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The result of an operation in the words of its service. */
export function success({ protocol, action, service }: Addressed, result: unknown): Answer {
  const id = randomUUID();
  if (isAnswer(result)) return result;
  if (protocol === 'json' || protocol === 'rest-json') return json(200, id, JSON.stringify(result ?? {}));
  if (protocol === 'ec2') {
    const body = `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>${id}</requestId>${xml(result, 'item')}</${action}Response>`;
    return {
      status: 200,
      headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': id },
      body: head + body,
    };
  }
  const space = `https://${service}.amazonaws.com/doc/`;
  const body = `<${action}Response xmlns="${space}"><${action}Result>${xml(result, 'member')}</${action}Result><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id }, body: head + body };
}

/** A refusal in the words of the service. */
export function failure({ protocol, service }: Pick<Addressed, 'protocol' | 'service'>, error: AwsError): Answer {
  const id = randomUUID();
  const { code, message, status } = error;
  if (protocol === 'json' || protocol === 'rest-json') {
    const answer = json(status, id, JSON.stringify({ __type: code, message, Message: message }));
    answer.headers['x-amzn-errortype'] = code;
    // Services that once spoke forms still give the code of those times (`awsQueryCompatible` in the SDK's clients).
    if (service === 'sqs' || service === 'cloudwatch') answer.headers['x-amzn-query-error'] = `${code};Sender`;
    return answer;
  }
  const inside = `<Code>${code}</Code><Message>${escaped(message)}</Message>`;
  const bodies: Record<'ec2' | 's3' | 'query', string> = {
    ec2: `<Response><Errors><Error>${inside}</Error></Errors><RequestID>${id}</RequestID></Response>`,
    s3: `<Error>${inside}<RequestId>${id}</RequestId></Error>`,
    query: `<ErrorResponse><Error><Type>${status < 500 ? 'Sender' : 'Receiver'}</Type>${inside}</Error><RequestId>${id}</RequestId></ErrorResponse>`,
  };
  return {
    status,
    headers: { 'content-type': 'application/xml', 'x-amz-request-id': id },
    body: head + bodies[protocol],
  };
}

function json(status: number, id: string, body: string): Answer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': id }, body };
}

function isAnswer(result: unknown): result is Answer {
  return typeof result === 'object' && result !== null && 'status' in result && 'headers' in result && 'body' in result;
}
