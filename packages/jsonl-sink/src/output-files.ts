// SPDX-License-Identifier: Apache-2.0

/** Where a sink's rows go: one file, or a series of them. */
export interface OutputFiles {
  /** Takes one more row of that size, line feed included, for the current file; false when it belongs in the next. */
  admit(rowBytes: number): boolean
  /** Turns to the next file of a series. `broken`: a write failed and may have left part of a row. */
  next(broken: boolean): void
  /** The bytes to append for these rows. */
  encode(rows: readonly string[]): Promise<Buffer>
  encodeSync(rows: readonly string[]): Buffer
  /** Opens the current file for appending. */
  open(): Promise<OpenFile>
  openSync(): OpenFile
  /** Fails when the files cannot be written; missing folders are made, files are not. */
  probe(): Promise<void>
}

export interface OpenFile {
  readonly fd: number
  readonly path: string
}
