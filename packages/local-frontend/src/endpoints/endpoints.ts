// SPDX-License-Identifier: Apache-2.0
import { chatCompletions } from './chat-completions/chat-completions.ts'
import { completions } from './completions/completions.ts'
import type { Endpoint } from './endpoint.ts'
import { responses } from './responses/responses.ts'

/** Everything that can be asked of a model. */
export const endpoints: readonly Endpoint[] = [chatCompletions, completions, responses]
