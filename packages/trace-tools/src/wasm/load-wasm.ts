// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'

/** What `assembly/` is compiled to: an entry there for each. */
export type WasmName = 'scan' | 'details' | 'model' | 'write'

/** The memory of an instance. Its buffer is replaced by another one whenever it grows. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** A variable of an instance. */
export interface WasmGlobal {
  readonly value: number
}

/** By module and name. AssemblyScript's `usize`, `f64` and `bool` are numbers here. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, (...args: never[]) => unknown>>>>

/** Node.js has it, but its types do not. */
interface WebAssembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: WasmImports) => { readonly exports: unknown }
}

const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssembly }).WebAssembly

const modules = new Map<WasmName, object>()

/**
 * Makes an instance of one of the modules, with a memory of its own.
 *
 * @returns What its entry in `assembly/` exports.
 */
export function loadWasm(name: WasmName, imports: WasmImports = {}): unknown {
  let module = modules.get(name)
  if (module === undefined) {
    // At the same place from the sources and from what is published.
    module = new Module(readFileSync(new URL(`../../wasm/${name}.wasm`, import.meta.url)))
    modules.set(name, module)
  }
  return new Instance(module, { env: { abort }, ...imports }).exports
}

/** What AssemblyScript calls where memory cannot grow any more. */
function abort(): never {
  throw new RangeError('a trace needs more memory than there is')
}
