// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import type { Input } from '../read/inputs.ts'
import type { RowFilter } from '../read/read-rows.ts'
import { spoolInputs, type SpooledInputs } from '../read/spool.ts'
import { findStart } from '../read/start-time.ts'
import { createRowFilter, type TrajectoryName } from './row-filter.ts'
import { surveyTrace, type TraceSurvey } from './survey.ts'

/** A time: from the epoch on, or from the first row of the trace on. */
export type TimeBound = { readonly epochMs: number } | { readonly afterFirstMs: number }

/** Which rows are wanted: those that everything given here allows. */
export interface RowChoice {
  /** Ids of sessions; with each come all its trajectories. @defaultValue all */
  readonly sessions?: readonly string[]
  /** Ids of trajectories, whatever session they belong to. @defaultValue all */
  readonly trajectories?: readonly string[]
  /** The earliest event time. @defaultValue any */
  readonly since?: TimeBound
  /** The first event time that is too late. @defaultValue none */
  readonly until?: TimeBound
  /** How many sessions; the first ones of those that are otherwise wanted. @defaultValue all */
  readonly maxSessions?: number
}

export interface ChooseRowsOptions extends RowChoice {
  /** Threads in all for what has to be read beforehand. @defaultValue 1 */
  readonly jobs?: number
  /** Find out sessions even if no choice depends on them. @defaultValue false */
  readonly needsSessions?: boolean
}

/** What has to be read, and how; disposing of it removes temporary files. */
export interface ChosenRows extends AsyncDisposable {
  readonly inputs: readonly Input[]
  /** For readRows. */
  readonly filter: RowFilter
  /** The session of a trajectory; exact only where sessions had to be found out. */
  readonly sessionOf: TraceSurvey['sessionOf']
}

/** A longer line is not where a trace begins. */
const MAX_LINE_BYTES = 1024 * 1024

/** Enough to see what ids look like. */
const NAMED_SESSIONS = 5

/**
 * Prepares reading only a part of a trace. Which session a row belongs to is
 * known only when all rows have been seen, so a choice of sessions has the
 * inputs read twice.
 *
 * @throws DynamoAgentError `DYN_INPUT_EMPTY` where there is no such session;
 * otherwise as readRows and spoolInputs do.
 */
export async function chooseRows(found: readonly Input[], options: ChooseRowsOptions): Promise<ChosenRows> {
  const { sessions, trajectories, since, until, maxSessions, jobs } = options
  const ids = trajectories && new Set(trajectories)
  const needsSurvey = sessions !== undefined || maxSessions !== undefined || options.needsSessions === true
  const needsStart = [since, until].some((bound) => bound !== undefined && 'afterFirstMs' in bound)
  const spooled = needsSurvey || needsStart ? await spoolInputs(found) : keepInputs(found)
  try {
    const firstMs = needsStart ? await findFirst(spooled.inputs) : Number.NaN
    const choice = {
      ...(ids && { trajectory: ({ id }: TrajectoryName) => ids.has(id) }),
      ...(since && { sinceMs: resolveBound(since, firstMs) }),
      ...(until && { untilMs: resolveBound(until, firstMs) }),
    }
    const isAll = Object.keys(choice).length === 0
    if (!needsSurvey) {
      const filter = isAll ? {} : createRowFilter(choice)
      return { inputs: spooled.inputs, filter, sessionOf: ownSession, [Symbol.asyncDispose]: () => disposeOf(spooled) }
    }
    const survey = await surveyTrace(spooled.inputs, {
      ...(jobs !== undefined && { jobs }),
      ...(!isAll && createRowFilter(choice)),
    })
    const wanted = chooseSessions(survey, options)
    const trajectory = (name: TrajectoryName): boolean =>
      (wanted?.has(survey.sessionOf(name)) ?? true) && (ids?.has(name.id) ?? true)
    const filter = isAll && wanted === undefined ? {} : createRowFilter({ ...choice, trajectory })
    return {
      inputs: spooled.inputs,
      filter,
      sessionOf: survey.sessionOf,
      [Symbol.asyncDispose]: () => disposeOf(spooled),
    }
  } catch (cause) {
    await disposeOf(spooled)
    throw cause
  }
}

function keepInputs(inputs: readonly Input[]): SpooledInputs {
  return { inputs, [Symbol.asyncDispose]: () => Promise.resolve() }
}

function disposeOf(spooled: SpooledInputs): Promise<void> {
  return Promise.resolve(spooled[Symbol.asyncDispose]())
}

async function findFirst(inputs: readonly Input[]): Promise<number> {
  let firstMs = Infinity
  for (const input of inputs) {
    const startMs = await findStart(input, MAX_LINE_BYTES, Infinity)
    if (startMs > -Infinity && startMs < firstMs) firstMs = startMs
  }
  return firstMs
}

function resolveBound(bound: TimeBound, firstMs: number): number {
  return 'epochMs' in bound ? bound.epochMs : firstMs + bound.afterFirstMs
}

/** What a row says by itself: from Dynamo 1.3 on, a trajectory without parent is its own session. */
function ownSession({ id, sessionId, contextFree }: TrajectoryName): string | undefined {
  return contextFree ? undefined : (sessionId ?? id)
}

/** Undefined where all are wanted. */
function chooseSessions(
  survey: TraceSurvey,
  choice: RowChoice,
): ReadonlySet<string | undefined> | undefined {
  const { sessions, maxSessions } = choice
  if (sessions === undefined && maxSessions === undefined) return undefined
  const known = survey.sessions.map(({ id }) => id)
  const missing = sessions?.find((id) => !known.includes(id))
  if (missing !== undefined) throw noSession(missing, known, choice)
  return new Set(known.filter((id) => sessions?.includes(id) ?? true).slice(0, maxSessions))
}

function noSession(
  id: string,
  known: readonly string[],
  { trajectories = [], since, until }: RowChoice,
): DynamoAgentError {
  const where = trajectories.length === 0 ? '' : ` in a trajectory ${trajectories.join(' or ')}`
  const when = since === undefined && until === undefined ? '' : ' in the time that is asked for'
  const some = known.slice(0, NAMED_SESSIONS).join(', ')
  const others = known.length - NAMED_SESSIONS
  return new DynamoAgentError({
    code: 'DYN_INPUT_EMPTY',
    message: `no rows of a session ${id}${where}${when}`,
    advice:
      known.length === 0
        ? 'No row that is asked for names a session: widen the choice.'
        : `Give one of the sessions there are: ${some}${others > 0 ? ` and ${others} more` : ''}.`,
  })
}
