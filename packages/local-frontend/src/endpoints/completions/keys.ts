// SPDX-License-Identifier: Apache-2.0
import { createKnownKeys, samplingKeys } from '../../request/known-keys.ts'

/** Every top-level key of a completion of text; any other is an error (measured on 1.2.1 to 1.6.1). */
export const completionKeys = createKnownKeys(
  {
    'in-passing': [...samplingKeys.always['in-passing'], 'metadata'],
    'at-the-end': [
      ...samplingKeys.always['at-the-end'],
      ...['prompt', 'prompt_embeds', 'suffix', 'echo', 'best_of'],
    ],
  },
  samplingKeys.since,
)
