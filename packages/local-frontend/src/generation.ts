// SPDX-License-Identifier: Apache-2.0
import {
  DEFAULT_TOOL_EVENT_TOPIC,
  agentContextBodyDialect,
  sessionHeadersDialect,
  type Dialect,
  type TraceSchema,
} from '@dynamo-agent/core'

/** The two generations of Dynamo that differ for an agent: 1.2, and 1.3 with everything after it. */
export type Generation = '1.2' | '1.3+'

/** Everything but the shapes of answers in which the generations differ, as measured on 1.2.1 and 1.6.1. */
export interface GenerationTraits {
  /** The release whose answers are reproduced; what `/openapi.json` says. */
  readonly release: string
  readonly dialect: Dialect
  /** Of trace rows. */
  readonly schema: TraceSchema
  /** Topic of tool events when none is configured; 1.2 then takes any, which the empty text stands for. */
  readonly defaultTopic: string
  /** Unknown keys in `nvext` and `nvext.agent_hints` are errors. */
  readonly strictNvext: boolean
  /** Type errors name the path of the value. */
  readonly errorsNamePath: boolean
  /** A body that is not JSON and an unknown route are answered in JSON; else in plain text and with nothing. */
  readonly jsonRejections: boolean
  /** What follows the JSON of a body is an error. */
  readonly readsToTheEnd: boolean
  /** Requests without identity leave a row too. */
  readonly tracesAnonymous: boolean
  /** Requests for several choices leave a row. */
  readonly tracesSeveralChoices: boolean
  /** Completions that are not of chat leave a row. */
  readonly tracesTextCompletions: boolean
  /** Rows say why generation ended. */
  readonly tracesFinish: boolean
}

export const generations: Readonly<Record<Generation, GenerationTraits>> = {
  '1.2': {
    release: '1.2.1',
    dialect: agentContextBodyDialect,
    schema: 'dynamo.agent.trace.v1',
    defaultTopic: '',
    strictNvext: false,
    errorsNamePath: true,
    jsonRejections: false,
    readsToTheEnd: false,
    tracesAnonymous: false,
    tracesSeveralChoices: true,
    tracesTextCompletions: false,
    tracesFinish: false,
  },
  '1.3+': {
    release: '1.6.1',
    dialect: sessionHeadersDialect,
    schema: 'dynamo.request.trace.v1',
    defaultTopic: DEFAULT_TOOL_EVENT_TOPIC,
    strictNvext: true,
    errorsNamePath: false,
    jsonRejections: true,
    readsToTheEnd: true,
    tracesAnonymous: true,
    tracesSeveralChoices: false,
    tracesTextCompletions: true,
    tracesFinish: true,
  },
}
