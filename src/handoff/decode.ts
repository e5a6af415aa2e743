/** A file's bytes as text, or why they are none. */
export type Decoding =
  | { readonly kind: "text"; readonly text: string }
  /** No further bytes can make this right. */
  | { readonly kind: "wrong_encoding"; readonly reason: string }
  /** Perhaps the last character is written only in part. */
  | { readonly kind: "not_utf8"; readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Reads UTF-8, strictly; a byte order mark is skipped. */
export function decodeText(bytes: Uint8Array): Decoding {
  if (isUtf16(bytes)) {
    return {
      kind: "wrong_encoding",
      reason: "the file is written in UTF-16; write it in UTF-8",
    };
  }
  try {
    return { kind: "text", text: utf8.decode(bytes) };
  } catch {
    return { kind: "not_utf8", reason: "the file is not valid UTF-8; write it in UTF-8" };
  }
}

/** By its byte order mark, or without one: JSON begins with two ASCII characters, so one of two bytes is zero. */
function isUtf16([first, second]: Uint8Array): boolean {
  if (first === undefined || second === undefined) return false;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return (first === 0) !== (second === 0);
}
