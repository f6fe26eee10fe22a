// SPDX-License-Identifier: Apache-2.0
import { DynamoAgentError } from '@dynamo-agent/core'
import { gunzip, type GunzipReport } from '../read/gunzip.ts'
import { findInputs, isUnreadable, type Input } from '../read/inputs.ts'
import { splitLines } from '../read/lines.ts'
import type * as CheckLine from './check-line.ts'
import { createValidationTaker, type TraceValidation, type ValidationTaker } from './validation.ts'

/** What validateTrace reads, and how many faults it lists. */
export interface ValidateTraceOptions {
  /** Files, folders, glob patterns, or `-` for standard input. */
  readonly inputs: readonly string[]
  /** Faults that are listed; all are counted. @defaultValue 20 */
  readonly maxFaults?: number
  /** What `-` among the inputs stands for. @defaultValue `process.stdin` */
  readonly stdin?: AsyncIterable<Uint8Array>
  /** Stops it, and it then rejects. @defaultValue none */
  readonly signal?: AbortSignal
  /** Told after each batch of rows; what it throws stops the validation. @defaultValue none */
  readonly onProgress?: (validation: TraceValidation) => void
}

/**
 * Checks every row of a trace against the schemas of what a released Dynamo
 * writes, and every row of a harness log against the schema of those, whole
 * numbers exactly: unknown keys, missing ones and wrong values are faults, and
 * so are a row that was cut and gzip data that are damaged.
 *
 * @throws DynamoAgentError `DYN_INPUT_NOT_FOUND` naming the first path that
 * does not exist; `DYN_INPUT_EMPTY` where there is neither a row nor a fault.
 */
export async function validateTrace(options: ValidateTraceOptions): Promise<TraceValidation> {
  const { maxFaults = 20, stdin = process.stdin, signal, onProgress } = options
  const inputs = await findInputs(options.inputs, stdin)
  // The schemas take as much memory as all the rest of this package, and nobody else needs them.
  const { checkLine } = await import('./check-line.ts')
  const taker = createValidationTaker(maxFaults)
  for (const input of inputs) {
    try {
      for await (const _ of checkInput(input, checkLine, taker)) {
        signal?.throwIfAborted()
        onProgress?.(taker.validation)
      }
    } catch (cause) {
      if (!input.found || !isUnreadable(cause)) throw cause
      taker.countFault(1, 'expected a file that can be read')
    }
  }
  if (taker.validation.rows.read === 0 && taker.validation.faultCount === 0) throw nothingToValidate(inputs)
  return taker.validation
}

/** Yields after each batch of lines. */
async function* checkInput(
  input: Input,
  checkLine: typeof CheckLine.checkLine,
  taker: ValidationTaker,
): AsyncGenerator<undefined, void> {
  taker.beginInput(input.name)
  const gzip: GunzipReport = { gzip: false, end: 'whole', lostBytes: 0 }
  let lines = 0
  let isCut = false
  /** Where the data went on after the first damage. */
  let resumedAt: number | undefined

  const onTooLong = (line: number): void => {
    taker.countFaulty(line, [{ path: '', message: 'expected a row, found a line of more than 256 MiB' }])
  }
  for await (const batch of splitLines(gunzip(input.open(), gzip), { onTooLong })) {
    if (gzip.end === 'corrupt') resumedAt ??= batch.firstLine
    for (const [index, line] of batch.lines.entries()) {
      const checked = checkLine(line, batch.torn)
      if (checked.kind === 'valid') taker.countValid(checked.type)
      if (checked.kind === 'valid-harness') taker.countValidHarness(checked.type)
      if (checked.kind !== 'faulty') continue
      taker.countFaulty(batch.firstLine + index, checked.faults)
      isCut ||= batch.torn
    }
    lines = batch.firstLine + batch.lines.length - 1
    yield
  }
  // A last member that was cut nearly always cuts a row too, and one fault says enough.
  if (gzip.end === 'torn' && !isCut) {
    taker.countFault(lines + 1, 'expected whole gzip data, found a last member that was cut or is still being written')
  }
  if (gzip.end === 'corrupt') {
    const found = `damage, with ${gzip.lostBytes} of its bytes lost`
    taker.countFault(resumedAt ?? lines + 1, `expected whole gzip data, found ${found}`)
  }
}

function nothingToValidate(inputs: readonly Input[]): DynamoAgentError {
  const [only] = inputs
  const name = inputs.length > 1 || only === undefined ? `${inputs.length} files` : only.name
  return new DynamoAgentError({
    code: 'DYN_INPUT_EMPTY',
    message: `${name === '-' ? 'standard input' : name} ${inputs.length > 1 ? 'hold' : 'holds'} no row`,
    advice: 'Dynamo writes a row when a request has ended, if the frontend ran with DYN_REQUEST_TRACE=1.',
  })
}
