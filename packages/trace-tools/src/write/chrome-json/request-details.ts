// SPDX-License-Identifier: Apache-2.0
import { requestNumber, requestText, rowFlag, TEXT_COLUMNS } from '../../read/columns.ts'
import { numberOf, textOf, type RowReference } from '../../read/row-batch.ts'
import { createFinishReader } from '../finish-fields.ts'
import { category, FIRST_TOKEN, SESSION_END } from '../labels.ts'
import { requestFields } from '../row-fields.ts'
import type { TimelineOptions } from '../timeline-options.ts'
import { roundMicroseconds } from '../whole-microseconds.ts'
import { beginFragment, endFragment } from './fragments.ts'
import { flagsOf, IdentityArguments } from './identity-arguments.ts'
import { constant, type Constant } from './constant.ts'
import type { JsonBuffer } from './json-buffer.ts'
import { requestLength, requestStart } from './microseconds.ts'
import { RowArguments } from './row-arguments.ts'

const slice = constant('"ph":"X","ts":')
const instant = constant('"ph":"i","s":"t","ts":')
const duration = constant(',"dur":')
const requestLabel = constant(`,"cat":"${category.request}","name":"LLM request: `)
const unknownModel = constant('unknown-model')
const firstTokenLabel = constant(`,"cat":"${category.marker}","name":"${FIRST_TOKEN}"`)
const sessionEndLabel = constant(`,"cat":"${category.session}","name":"${SESSION_END}"`)
const labelEnd = constant('"')
const argumentsStart = constant(',"args":{')
const isFinal = constant('"session_final":true,')
const isNotFinal = constant('"session_final":false,')
const finishKey = constant('"finish_reason_metadata":')

/** What is drawn inside a request, and which of its arguments that repeats. */
const stages = {
  wait: ['prefill wait', 'prefill_wait_time_ms'],
  prefill: ['prefill', 'prefill_time_ms'],
  decode: ['decode', 'output_tokens', 'avg_itl_ms'],
} as const

type RequestDetailsOptions = Required<Pick<TimelineOptions, 'stages' | 'markers' | 'args'>>

interface StageDetails {
  readonly label: Constant
  readonly repeated: readonly number[]
}

/**
 * Encodes what a row says of a request: a fragment for the request itself and
 * one for each part that is drawn inside, all of them events but for where
 * they stand, which only the writer knows. The rules are those of the
 * converter that ships with Dynamo.
 */
export class RequestDetails {
  readonly #buffer: JsonBuffer
  readonly #options: RequestDetailsOptions
  readonly #identity: IdentityArguments
  readonly #arguments: RowArguments
  readonly #wait: StageDetails
  readonly #prefill: StageDetails
  readonly #decode: StageDetails
  readonly #ttft: readonly number[]
  readonly #readFinish = createFinishReader((fields) =>
    constant(fields.map(([name, value]) => `"finish.${name}":${JSON.stringify(value)},`).join('')),
  )

  constructor(buffer: JsonBuffer, options: RequestDetailsOptions) {
    this.#buffer = buffer
    this.#options = options
    const all = options.args === 'full'
    this.#identity = new IdentityArguments(buffer)
    this.#arguments = new RowArguments(buffer, requestFields.filter(({ minimal }) => all || minimal))
    const describe = ([name, ...figures]: readonly [string, ...string[]]): StageDetails => ({
      label: constant(`,"cat":"${category.stage}","name":"${name}"`),
      repeated: all ? this.#arguments.places('request_id', 'x_request_id', 'model', ...figures) : [],
    })
    this.#wait = describe(stages.wait)
    this.#prefill = describe(stages.prefill)
    this.#decode = describe(stages.decode)
    this.#ttft = this.#arguments.places('ttft_ms')
  }

  write(row: RowReference): void {
    const { stages, markers } = this.#options
    const start = requestStart(row.batch, row.row)
    const length = requestLength(row.batch, row.row)
    const ttft = roundMicroseconds(numberOf(row, requestNumber.ttftMs))
    // The first token parts prefill from decode. All of it is in whole microseconds, so that nothing overlaps.
    const boundary = Number.isNaN(ttft) ? length : Math.min(Math.max(ttft, 0), length)
    this.#writeRequest(row, start, length)
    if (stages) this.#writePrefill(row, start, boundary)
    // Behind a decode that begins at the same moment the mark would lie inside it.
    if (markers && !Number.isNaN(ttft)) this.#writeMarker(firstTokenLabel, Math.max(0, start + ttft), this.#ttft)
    if (stages && boundary < length) this.#writeStage(this.#decode, start + boundary, length - boundary)
    if ((flagsOf(row) & rowFlag.sessionFinal) !== 0) this.#writeMarker(sessionEndLabel, start + length, [])
  }

  #writeRequest(row: RowReference, start: number, length: number): void {
    const buffer = this.#buffer
    const fragment = beginFragment(buffer)
    this.#writeTimes(start, length)
    buffer.raw(requestLabel)
    this.#writeModel(row)
    buffer.raw(labelEnd)
    buffer.raw(argumentsStart)
    this.#identity.write(row)
    this.#arguments.write(row)
    const flags = flagsOf(row)
    if ((flags & rowFlag.hasSessionFinal) !== 0) buffer.raw((flags & rowFlag.sessionFinal) === 0 ? isNotFinal : isFinal)
    this.#writeFinish(row)
    buffer.endObject()
    endFragment(buffer, fragment)
  }

  #writeTimes(start: number, length: number): void {
    const buffer = this.#buffer
    buffer.raw(slice)
    buffer.integer(start)
    buffer.raw(duration)
    buffer.integer(length)
  }

  #writeModel({ batch, row }: RowReference): void {
    const place = (row * TEXT_COLUMNS + requestText.model) * 2
    const length = batch.texts[place + 1] ?? 0
    if (length > 0) this.#buffer.characters(batch.bytes, batch.texts[place] ?? 0, length)
    else this.#buffer.raw(unknownModel)
  }

  #writeFinish(row: RowReference): void {
    const finish = textOf(row, requestText.finish)
    if (finish === undefined) return
    const buffer = this.#buffer
    buffer.raw(this.#readFinish(finish))
    if (this.#options.args === 'minimal') return
    buffer.raw(finishKey)
    const { texts, bytes } = row.batch
    const place = (row.row * TEXT_COLUMNS + requestText.finish) * 2
    const start = texts[place] ?? 0
    const length = texts[place + 1] ?? 0
    // As many characters as bytes, none of them in place of what is no UTF-8: ASCII, which is good as it stands.
    if (finish.length === length && !finish.includes('\ufffd')) buffer.copy(bytes, start, start + length)
    else buffer.text(finish)
    buffer.comma()
  }

  /** Wait and prefill follow each other from the start and end by the first token. */
  #writePrefill(row: RowReference, start: number, boundary: number): void {
    const wait = stageLength(numberOf(row, requestNumber.prefillWaitMs), boundary)
    if (wait > 0) this.#writeStage(this.#wait, start, wait)
    const prefill = stageLength(numberOf(row, requestNumber.prefillMs), boundary - wait)
    if (prefill > 0) this.#writeStage(this.#prefill, start + wait, prefill)
  }

  #writeStage({ label, repeated }: StageDetails, start: number, length: number): void {
    const buffer = this.#buffer
    const fragment = beginFragment(buffer)
    this.#writeTimes(start, length)
    buffer.raw(label)
    buffer.raw(argumentsStart)
    this.#arguments.repeat(repeated)
    buffer.endObject()
    endFragment(buffer, fragment)
  }

  #writeMarker(label: Constant, time: number, repeated: readonly number[]): void {
    const buffer = this.#buffer
    const fragment = beginFragment(buffer)
    buffer.raw(instant)
    buffer.integer(time)
    buffer.raw(label)
    buffer.raw(argumentsStart)
    this.#arguments.repeat(repeated)
    buffer.endObject()
    endFragment(buffer, fragment)
  }
}

/** How long a stage is drawn in the room that is left for it. */
function stageLength(ms: number, room: number): number {
  const length = roundMicroseconds(ms)
  return length > 0 ? Math.min(length, room) : 0
}
