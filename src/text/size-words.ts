const units = ["bytes", "KiB", "MiB", "GiB"] as const;

/** So many bytes for people: `512 bytes`, `97.7 KiB`, `3 GiB`. */
export function sizeWords(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${units[power] ?? ""}`;
}
