/** @file Ids of things that are made here: UUIDs of version 7 (RFC 9562, 5.7), so that what is made later sorts later. */

let last = 0;

export function uuid7() {
  last = Math.max(Date.now(), last + 1); // two of one millisecond are in order too
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  bytes[0] = 0x70 | (bytes[0] & 0x0f);
  bytes[2] = 0x80 | (bytes[2] & 0x3f);
  const digits = last.toString(16).padStart(12, "0") + [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
