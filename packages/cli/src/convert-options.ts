// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os'
import type { ConvertTraceOptions, SplitBy, TimeBound } from '@dynamo-agent/trace-tools'
import { commandLineError } from './command-line-error.ts'
import { readChoice, readInteger, refuseValue } from './option-values.ts'

/** What `trace convert` understands. */
export const convertFlags = {
  output: { type: 'string', short: 'o' },
  format: { type: 'string' },
  gzip: { type: 'boolean' },
  'split-by': { type: 'string' },
  open: { type: 'boolean' },
  session: { type: 'string', multiple: true },
  trajectory: { type: 'string', multiple: true },
  since: { type: 'string' },
  until: { type: 'string' },
  'max-sessions': { type: 'string' },
  by: { type: 'string' },
  'no-stages': { type: 'boolean' },
  'include-stages': { type: 'boolean' },
  'separate-stage-tracks': { type: 'boolean' },
  'no-markers': { type: 'boolean' },
  'include-markers': { type: 'boolean' },
  args: { type: 'string' },
  pretty: { type: 'boolean' },
  jobs: { type: 'string' },
  strict: { type: 'boolean' },
  json: { type: 'boolean' },
} as const

type FlagValues = {
  readonly [Name in keyof typeof convertFlags]?:
    | ((typeof convertFlags)[Name] extends { readonly multiple: true }
        ? readonly string[]
        : (typeof convertFlags)[Name]['type'] extends 'boolean'
          ? boolean
          : string)
    | undefined
}

type ReadOptions = Omit<ConvertTraceOptions, 'inputs' | 'output'> & {
  readonly format: NonNullable<ConvertTraceOptions['format']>
  readonly gzip: boolean
}

/** @throws DynamoAgentError `DYN_COMMAND_LINE` */
export function readConvertOptions(values: FlagValues, usage: string): ReadOptions {
  if (values['no-stages'] && (values['include-stages'] || values['separate-stage-tracks'])) {
    throw commandLineError({ message: '--no-stages leaves nothing to draw for the other option', usage })
  }
  if (values.output === '') {
    throw refuseValue({ option: '--output', value: values.output }, 'Give a path, or - for standard output.')
  }
  const given = readChoice({ option: '--format', value: values.format }, ['perfetto', 'chrome-json'])
  const format = given ?? (/\.json(\.gz)?$/.test(values.output ?? '') ? 'chrome-json' : 'perfetto')
  if (values.pretty && format !== 'chrome-json') {
    throw commandLineError({ message: '--pretty indents JSON', reason: 'Add --format chrome-json.', usage })
  }
  const by = readChoice({ option: '--by', value: values.by }, ['session', 'worker'])
  const args = readChoice({ option: '--args', value: values.args }, ['full', 'minimal'])
  const jobs = readInteger({ option: '--jobs', value: values.jobs }, { min: 1, max: 64 })
  const maxSessions = readInteger({ option: '--max-sessions', value: values['max-sessions'] }, { min: 1, max: 1e9 })
  const splitBy = readSplitBy(values['split-by'])
  const since = readTime('--since', values.since)
  const until = readTime('--until', values.until)
  return {
    format,
    gzip: values.gzip ?? values.output?.endsWith('.gz') ?? false,
    jobs: jobs ?? Math.min(2, availableParallelism()),
    timeline: {
      stages: values['no-stages'] !== true,
      separateStageTracks: values['separate-stage-tracks'] === true,
      markers: values['no-markers'] !== true,
      pretty: values.pretty === true,
      ...(by !== undefined && { by }),
      ...(args !== undefined && { args }),
    },
    ...(splitBy !== undefined && { splitBy }),
    ...(values.session && { sessions: values.session }),
    ...(values.trajectory && { trajectories: values.trajectory }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(maxSessions !== undefined && { maxSessions }),
  }
}

const unitBytes = { '': 1, k: 1e3, m: 1e6, g: 1e9 } as const
/** Half of what the Perfetto UI holds with ease. */
const DEFAULT_PART_BYTES = 500e6

function readSplitBy(value: string | undefined): SplitBy | undefined {
  if (value === undefined || value === 'session' || value === 'hour') return value
  if (value === 'size') return { bytes: DEFAULT_PART_BYTES }
  const size = /^size=(\d+(?:\.\d+)?)\s*([kmg]?)i?b?$/i.exec(value)
  const unit = size?.[2]?.toLowerCase() as keyof typeof unitBytes | undefined
  const bytes = unit === undefined ? 0 : Number(size?.[1]) * unitBytes[unit]
  if (bytes >= 1) return { bytes }
  throw refuseValue({ option: '--split-by', value }, 'Give session, hour, or a size such as size=200MB.')
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** A time, how long ago, or how long after the first row. */
function readTime(option: string, value: string | undefined): TimeBound | undefined {
  if (value === undefined) return undefined
  const relative = /^(\+?)(\d+(?:\.\d+)?)([smhd])$/.exec(value)
  if (relative !== null) {
    const [, sign, count, unit] = relative
    const ms = Number(count) * unitMs[unit as keyof typeof unitMs]
    return sign === '+' ? { afterFirstMs: ms } : { epochMs: Date.now() - ms }
  }
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(value) ?? []
  const epochMs = day !== undefined && isDay(day) ? Date.parse(value) : Number.NaN
  if (!Number.isNaN(epochMs)) return { epochMs }
  throw refuseValue({ option, value }, 'Give a time such as 2026-01-31T10:00:00Z, 10m for ten minutes ago, or +10m.')
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
