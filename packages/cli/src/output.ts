// SPDX-License-Identifier: Apache-2.0
import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** What of a stream the command line needs; process.stdout and process.stderr are two. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number }

type Style = Parameters<typeof styleText>[0]

/** Where a command's text goes: results to stdout, everything about them to stderr. */
export interface Output {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  /** Writes a line (or several) to stdout. */
  result(text: string): void
  /** Writes a line (or several) to stderr. */
  note(text: string): void
  /**
   * Colours text for stderr. Without a terminal, and under NO_COLOR, the text
   * comes back as it is.
   */
  style(style: Style, text: string): string
}

export function createOutput(stdout: OutputStream, stderr: OutputStream): Output {
  return {
    stdout,
    stderr,
    result: (text) => void stdout.write(withNewline(text)),
    note: (text) => void stderr.write(withNewline(text)),
    style: (style, text) => styleText(style, text, { stream: stderr }),
  }
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
