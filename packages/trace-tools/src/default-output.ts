// SPDX-License-Identifier: Apache-2.0
import { basename, dirname, join, resolve } from 'node:path'
import { timelineFormats, type TimelineFormatName } from './formats.ts'

/** How the timeline is written. */
export interface OutputForm {
  readonly format: TimelineFormatName
  readonly gzip?: boolean
}

/**
 * Where a timeline goes when nobody says: beside the first input, under its
 * name with the format's ending (`trace.jsonl.gz` and the segment
 * `trace.000004.jsonl.gz` both become `trace.pftrace`, a folder `traces`
 * becomes `traces.pftrace` beside it). Standard input goes to standard output;
 * a glob pattern to `trace.pftrace` in the current folder.
 */
export function defaultOutputPath(inputs: readonly string[], { format, gzip = false }: OutputForm): string {
  const [first = '-'] = inputs
  if (first === '-') return '-'
  const extension = timelineFormats[format].extension + (gzip ? '.gz' : '')
  if (/[*?[{]/.test(first)) return `trace${extension}`
  const name = basename(resolve(first)).replace(/(\.\d{6,})?\.jsonl?(\.gz)?$|\.gz$/, '')
  return join(dirname(first), `${name || 'trace'}${extension}`)
}
