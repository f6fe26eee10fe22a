// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from 'node:http'

/** Answers with status, content type and body of another answer, piece by piece as they come; done when all is sent. */
export async function sendAnswer(answer: Response, response: ServerResponse): Promise<void> {
  // Other headers are of the target's connection: the body has been decoded, and is cut anew.
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
  for await (const chunk of answer.body ?? []) response.write(chunk)
  await new Promise<void>((resolve) => response.end(resolve))
}
