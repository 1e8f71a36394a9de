// Checks the signature of each line of its input, `{secret, body, headers}`, with the npm package standardwebhooks, and answers whether it is
// right in a line each.

import { createInterface } from 'node:readline';
import { Webhook } from 'standardwebhooks';

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, body, headers } = JSON.parse(line);
  let isRight = true;
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    isRight = false;
  }
  console.log(JSON.stringify(isRight));
}
