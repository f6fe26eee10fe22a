// SPDX-License-Identifier: Apache-2.0
import type { ContextSize, HarnessIdentity, HarnessOutcome, HarnessRecord, SettingChange } from '@dynamo-agent/core'
import type { PiMeasuredMessage } from '../pi/harness-events.ts'
import { createContextMeter } from './context-meter.ts'
import { classifyFailure } from './request-failure.ts'
import { createRetryWatch } from './retry-watch.ts'
import { followSessionFile } from './session-file.ts'
import { describeTurn, type OpenTurn } from './turn.ts'
import { createUserWaits } from './user-wait.ts'

/** Turns what happens in one trajectory into rows of a harness log. No method throws. */
export interface HarnessRecorder {
  /** Somebody asks the agent for something. */
  prompted(): void
  /** The agent runs, be it because of a prompt or by itself. */
  runStarted(): void
  runEnded(): void
  /** The run is over, and the agent goes on only when it is told to. */
  stopped(): void
  /** It will not run again by itself. */
  settled(): void
  turnStarted(): void
  /** The next request of a turn goes with this id. */
  requested(requestId: string): void
  messageEnded(message: PiMeasuredMessage): void
  /** @param isAborted Somebody stopped the agent. */
  turnEnded(isAborted: boolean): void
  compactionStarted(start: CompactionStart): void
  compactionEnded(outcome: HarnessOutcome, reason: string | undefined): void
  /** The messages of the conversation are other ones now. */
  contextReplaced(): void
  settingChanged(setting: SettingChange['setting'], change: Change): void
  /** Something may have been saved. */
  saved(): void
  userAsked(): void
  userAnswered(): void
  /** Ends what is open. Nothing may follow. */
  end(reason: string): void
}

export interface Change {
  readonly from?: string | undefined
  readonly to: string
}

export interface CompactionStart {
  readonly reason: string | undefined
  readonly tokensBefore: number
}

export interface HarnessRecorderOptions {
  readonly identity: HarnessIdentity
  /** Why the trajectory begins in this process. */
  readonly reason: string
  readonly write: (record: HarnessRecord) => void
  /** The conversation as it stands; undefined where that cannot be known. */
  readonly readMessages: () => readonly PiMeasuredMessage[] | undefined
  /** Where Pi saves the session. */
  readonly file: string | undefined
  /** Whether a person is there to be waited for. */
  readonly hasUser: boolean
  /** Epoch milliseconds. @defaultValue Date.now */
  readonly now?: () => number
}

/** The part of a record that says what happened. */
type Happening<Row = HarnessRecord> = Row extends HarnessRecord ? Omit<Row, keyof Stamp> : never

type Stamp = Pick<HarnessRecord, 'eventTimeMs' | 'source' | 'identity'>

/** What Pi 0.73 does not tell. */
const UNTOLD = 'unknown'

export function createHarnessRecorder(options: HarnessRecorderOptions): HarnessRecorder {
  const { identity, reason, readMessages, file, hasUser, now = Date.now } = options
  const stamp = (): Stamp => ({ eventTimeMs: now(), source: 'pi', identity })
  const retries = createRetryWatch(options.write, now)
  const write = (happening: Happening) => {
    retries.write({ ...stamp(), ...happening })
  }
  const meter = createContextMeter()
  const sessionFile = followSessionFile(file)
  const waits = createUserWaits(now)
  const startedAtMs = now()
  const counts = { turns: 0, toolCalls: 0, requestErrors: 0, compactions: 0 }
  let requestId: string | undefined
  let turn: OpenTurn | undefined
  let previous: ContextSize | undefined
  let compaction: (CompactionStart & { readonly startedAtMs: number; readonly messagesBefore: number }) | undefined

  const measure = () => {
    const messages = tryTo(readMessages)
    if (messages !== undefined) meter.replace(messages)
  }
  const endTurn = (isCut: boolean) => {
    if (turn === undefined) return
    const described = describeTurn(turn, { endedAtMs: now(), turnIndex: counts.turns, previous, isCut })
    turn = undefined
    if (described === undefined) return
    previous = described.context
    counts.turns++
    counts.toolCalls += described.toolCalls ?? 0
    write({ type: 'turn_end', turn: described })
  }
  const answered = (message: PiMeasuredMessage) => {
    turn ??= { startedAtMs: now() }
    turn.answer = { message, context: meter.size, requestId }
    requestId = undefined
    if (message.stopReason !== 'error') {
      retries.succeeded()
      return
    }
    counts.requestErrors++
    const { provider = UNTOLD, model = UNTOLD, errorMessage = '' } = message
    const sent = turn.answer.requestId !== undefined && { requestId: turn.answer.requestId }
    const error = { provider, model, ...sent, ...classifyFailure(errorMessage) }
    retries.failed({ type: 'request_error', ...stamp(), error })
  }

  measure()
  write({ type: 'session_start', session: { reason } })
  const recorder: HarnessRecorder = {
    prompted() {
      retries.settled()
      const wait = waits.prompted()
      if (wait !== undefined) write({ type: 'user_wait', wait })
    },
    runStarted() {
      retries.continued()
      waits.continued()
    },
    runEnded() {
      if (hasUser) waits.settled()
    },
    stopped() {
      retries.stopped()
      if (hasUser) waits.settled()
    },
    settled() {
      retries.settled()
      if (hasUser) waits.settled()
    },
    turnStarted() {
      endTurn(true)
      turn = { startedAtMs: now() }
    },
    requested(id) {
      requestId = id
    },
    messageEnded(message) {
      if (message.role === 'assistant') answered(message)
      meter.add(message)
    },
    turnEnded: endTurn,
    compactionStarted(start) {
      compaction = { ...start, startedAtMs: now(), messagesBefore: meter.size.messages }
    },
    compactionEnded(outcome, told) {
      if (outcome === 'succeeded') measure()
      if (compaction === undefined) return
      const { startedAtMs, messagesBefore, tokensBefore, reason = told ?? UNTOLD } = compaction
      compaction = undefined
      counts.compactions++
      const after = outcome === 'succeeded' && { messagesAfter: meter.size.messages }
      const took = { startedAtMs, durationMs: now() - startedAtMs }
      write({ type: 'compaction', compaction: { reason, ...took, tokensBefore, messagesBefore, ...after, outcome } })
    },
    contextReplaced: measure,
    settingChanged(setting, { from, to }) {
      write({ type: 'setting_change', change: { setting, ...(from !== undefined && { from }), to } })
    },
    saved() {
      const checkpoint = sessionFile.look()
      if (checkpoint !== undefined) write({ type: 'checkpoint', checkpoint })
    },
    userAsked() {
      if (hasUser) waits.asked()
    },
    userAnswered() {
      const wait = waits.answered()
      if (wait !== undefined) write({ type: 'user_wait', wait })
    },
    end(why) {
      recorder.saved()
      endTurn(true)
      write({ type: 'session_end', session: { reason: why, durationMs: now() - startedAtMs, ...counts } })
      retries.settled()
    },
  }
  return recorder
}

/** A host may have a session manager of its own, whose failures are not the log's to spread. */
function tryTo<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
