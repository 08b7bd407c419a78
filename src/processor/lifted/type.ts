/** What a value of the lifted form is, as in WebAssembly. */
export type Type = 'i32' | 'i64' | 'v128';
