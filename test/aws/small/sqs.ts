import { createHash, randomUUID } from 'node:crypto';
import type { DeleteMessageRequest, ReceiveMessageRequest, SendMessageRequest } from '@aws-sdk/client-sqs';
import type { Cloud } from '../cloud.ts';
import { AwsError } from '../errors.ts';
import type { Call, Service } from '../types.ts';

/** A message in a queue of the fake. */
export interface QueuedMessage {
  id: string;
  body: string;
  attributes: Record<string, unknown>;
  /** When it can be received again, in milliseconds since 1970. */
  visibleAt: number;
  receipt: string | undefined;
}

/** The queues by name. */
export type Queues = Map<string, QueuedMessage[]>;

/** SQS. Source: its API reference, page of each operation. */
export function sqs(cloud: Cloud, queues: Queues): Service {
  const urlOf = (name: string): string => `${cloud.url}/${cloud.account}/${name}`;
  const queueOf = (url = ''): QueuedMessage[] => {
    const queue = queues.get(url.split('/').at(-1) ?? '');
    if (queue) return queue;
    throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
  };
  return {
    CreateQueue({ params }: Call<{ QueueName: string }>) {
      if (!queues.has(params.QueueName)) queues.set(params.QueueName, []);
      return { QueueUrl: urlOf(params.QueueName) };
    },
    GetQueueUrl({ params }: Call<{ QueueName: string }>) {
      queueOf(params.QueueName);
      return { QueueUrl: urlOf(params.QueueName) };
    },
    SendMessage({ params }: Call<SendMessageRequest>) {
      const { QueueUrl, MessageBody = '', DelaySeconds = 0, MessageAttributes = {} } = params;
      const queue = queueOf(QueueUrl);
      const visibleAt = Date.now() + cloud.milliseconds(DelaySeconds);
      const message = {
        id: randomUUID(),
        body: MessageBody,
        attributes: { ...MessageAttributes },
        visibleAt,
        receipt: undefined,
      };
      queue.push(message);
      return { MessageId: message.id, MD5OfMessageBody: md5(MessageBody) };
    },
    ReceiveMessage({ params }: Call<ReceiveMessageRequest>) {
      const { QueueUrl, MaxNumberOfMessages = 1, VisibilityTimeout = 30 } = params;
      const now = Date.now();
      const messages = queueOf(QueueUrl)
        .filter(({ visibleAt }) => visibleAt <= now)
        .slice(0, MaxNumberOfMessages);
      return {
        Messages: messages.map((message) => {
          message.visibleAt = now + cloud.milliseconds(VisibilityTimeout);
          message.receipt = randomUUID();
          const { id, body, attributes, receipt } = message;
          return {
            MessageId: id,
            ReceiptHandle: receipt,
            Body: body,
            MD5OfBody: md5(body),
            MessageAttributes: attributes,
          };
        }),
      };
    },
    DeleteMessage({ params }: Call<DeleteMessageRequest>) {
      const queue = queueOf(params.QueueUrl);
      const index = queue.findIndex(({ receipt }) => receipt === params.ReceiptHandle);
      if (index !== -1) queue.splice(index, 1);
      return {};
    },
  };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
