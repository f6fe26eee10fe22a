// SPDX-License-Identifier: Apache-2.0
import { parseTraceLine, type HarnessRecord } from '@dynamo-agent/core'
import { harnessRowSchema } from '@dynamo-agent/core/schemas'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A place for a harness log. */
export interface HarnessFile extends AsyncDisposable {
  readonly path: string
  /** What has been written; none where there is no file. Each row fits the strict schema. */
  rows(): Promise<readonly HarnessRecord[]>
}

export async function harnessFile(): Promise<HarnessFile> {
  const folder = await mkdtemp(join(tmpdir(), 'provider-ai-sdk-harness-'))
  const path = join(folder, 'harness.jsonl')
  return {
    path,
    async rows() {
      const text = await readFile(path, 'utf8').catch(() => '')
      return text.split('\n').flatMap((line) => {
        if (line === '') return []
        harnessRowSchema.parse(JSON.parse(line))
        const parsed = parseTraceLine(line)
        return parsed.kind === 'harness' ? [parsed.record] : []
      })
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** One sentence for each row of a trajectory: `turn 0 succeeded`, `request_error 503, attempt 1, will retry`. */
export function tell(rows: readonly HarnessRecord[], trajectoryId = 'chat'): string[] {
  return rows.filter(({ identity }) => identity.trajectoryId === trajectoryId).map(sentence)
}

function sentence(record: HarnessRecord): string {
  switch (record.type) {
    case 'turn_end':
      return `turn ${record.turn.turnIndex} ${record.turn.outcome}`
    case 'request_error': {
      const { status, errorType, attempt, willRetry } = record.error
      return `request_error ${status ?? errorType ?? ''}, attempt ${attempt}${willRetry ? ', will retry' : ''}`
    }
    case 'session_start':
    case 'session_end':
      return `${record.type} ${record.session.reason}`
    default:
      return record.type
  }
}
